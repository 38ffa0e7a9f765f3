// Creates, lists, patches and watches objects with the JavaScript client, typed and untyped.
//
// Usage: library.mjs NAMESPACE, with KUBECONFIG and CLIENT (the library's main file) set.

import assert from 'node:assert/strict';

const k8s = await import(process.env.CLIENT);
const namespace = process.argv[2];
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);
const objects = k8s.KubernetesObjectApi.makeApiClient(config);

const body = { metadata: { name: 'web' }, spec: { ports: [{ port: 80 }], selector: { app: 'web' } } };
const created = await core.createNamespacedService({ namespace, body });
assert.equal(created.spec.ports[0].targetPort, 80);
const listed = await core.listNamespacedService({ namespace });
assert.deepEqual(listed.items.map((it) => it.metadata.name), ['web']);
await core.patchNamespacedService(
  { namespace, name: 'web', body: { metadata: { labels: { a: 'b' } } } },
  k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch),
);
await core.deleteNamespacedService({ namespace, name: 'web' });

const seen = [];
await new Promise((resolve, reject) => {
  const query = { resourceVersion: listed.metadata.resourceVersion, timeoutSeconds: 20 };
  const path = `/api/v1/namespaces/${namespace}/services`;
  const tell = (event, it) => seen.push(`${event} ${it.metadata.labels?.a}`) === 2 && resolve();
  new k8s.Watch(config).watch(path, query, tell, reject).catch(reject);
});
assert.deepEqual(seen, ['MODIFIED b', 'DELETED b']);

await assert.rejects(core.readNamespacedPod({ namespace, name: 'absent' }), { code: 404 });

const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', namespace }, data: { a: 'b' } };
await objects.create(map);
assert.equal((await objects.read(map)).data.a, 'b');
process.exit(0);
