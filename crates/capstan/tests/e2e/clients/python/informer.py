"""An informer over the labelled config maps of a namespace; writes what it is told, a line each.

Usage: informer.py NAMESPACE, with KUBECONFIG set.
"""

import logging
import sys
import threading

from kubernetes import client, config
from kubernetes.informer import ADDED, DELETED, MODIFIED, SharedInformer

logging.disable(logging.CRITICAL)
config.load_kube_config()


def tell(event):
    return lambda it: print(event, it.metadata.name, it.data["round"], flush=True)


informer = SharedInformer(
    client.CoreV1Api().list_namespaced_config_map, namespace=sys.argv[1], label_selector="informed=yes"
)
for event in (ADDED, MODIFIED, DELETED):
    informer.add_event_handler(event, tell(event))
informer.start()
threading.Event().wait()
