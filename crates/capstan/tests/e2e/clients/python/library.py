"""Creates, lists, patches and watches objects with the Python client, typed and dynamic.

Usage: library.py NAMESPACE, with KUBECONFIG set.
"""

import sys

from kubernetes import client, config, dynamic, watch

namespace = sys.argv[1]
config.load_kube_config()
apps = client.AppsV1Api()
core = client.CoreV1Api()

labels = {"app": "web"}
deployment = client.V1Deployment(
    metadata=client.V1ObjectMeta(name="web"),
    spec=client.V1DeploymentSpec(
        replicas=2,
        selector=client.V1LabelSelector(match_labels=labels),
        template=client.V1PodTemplateSpec(
            metadata=client.V1ObjectMeta(labels=labels),
            spec=client.V1PodSpec(containers=[client.V1Container(name="web", image="nginx")]),
        ),
    ),
)
created = apps.create_namespaced_deployment(namespace, deployment)
assert created.spec.strategy.type == "RollingUpdate", created
listed = apps.list_namespaced_deployment(namespace)
assert [it.metadata.name for it in listed.items] == ["web"], listed
patched = apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 4}})
assert patched.spec.replicas == 4, patched
apps.delete_namespaced_deployment("web", namespace)
seen = []
version = listed.metadata.resource_version
for event in watch.Watch().stream(
    apps.list_namespaced_deployment, namespace, resource_version=version, timeout_seconds=20
):
    seen.append((event["type"], event["object"].spec.replicas))
    if event["type"] == "DELETED":
        break
assert seen == [("MODIFIED", 4), ("DELETED", 4)], seen

try:
    core.read_namespaced_pod("absent", namespace)
    raise AssertionError("a pod that is not there was read")
except client.ApiException as error:
    assert (error.status, error.reason) == (404, "Not Found"), error

maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "own"}, "data": {"a": "b"}}
maps.server_side_apply(body=body, namespace=namespace, field_manager="python")
assert maps.get(name="own", namespace=namespace).data.a == "b"
