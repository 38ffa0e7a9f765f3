// An informer over the labelled config maps of a namespace; writes what it is told, a line each.
//
// Usage: informer.mjs NAMESPACE, with KUBECONFIG and CLIENT (the library's main file) set.

const k8s = await import(process.env.CLIENT);
const namespace = process.argv[2];
const label = 'informed=yes';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const api = config.makeApiClient(k8s.CoreV1Api);
const informer = k8s.makeInformer(
  config,
  `/api/v1/namespaces/${namespace}/configmaps`,
  () => api.listNamespacedConfigMap({ namespace, labelSelector: label }),
  label,
);

const tell = (event) => (it) => console.log(event, it.metadata.name, it.data.round);
informer.on('add', tell('ADDED'));
informer.on('update', tell('MODIFIED'));
informer.on('delete', tell('DELETED'));
// The library leaves it to its user to start again after an error.
informer.on('error', () => setTimeout(() => informer.start(), 50));
informer.start();
