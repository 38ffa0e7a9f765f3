//! What tables show of the built-in kinds.

use meta::time::Time;
use object::{Value, json};
use registry::Resource;

/// An hour after the objects were created.
const NOW: &str = "2024-05-01T01:00:00Z";
const META: &str = r#""metadata":{"name":"n","creationTimestamp":"2024-05-01T00:00:00Z"}"#;

fn resources() -> Vec<Resource> {
    kinds::resources(&schema::builtin())
}

fn row(resource: &Resource, object: &str) -> String {
    let mut row = Vec::new();
    let now = Time::parse(NOW).expect("a time");
    resource.columns.write_row_of(resource, object.as_bytes(), now, &mut row);
    format!("{{{}}}", String::from_utf8(row).expect("text"))
}

fn cells(resource: &Resource, object: &str) -> Vec<Value> {
    let row = json::parse(row(resource, object).as_bytes()).expect("JSON");
    row.items_at(["cells"]).to_vec()
}

/// Each object's fields beside `metadata`, or all of it, and the cells of its row.
#[rustfmt::skip]
const ROWS: &[(&str, &str, &str)] = &[
    // core
    ("/configmaps", r#""data":{"a":"1"},"binaryData":{"b":"eA=="}"#, r#"["n",2,"60m"]"#),
    ("/secrets", r#""type":"Opaque","data":{"a":"eA=="}"#, r#"["n","Opaque",1,"60m"]"#),
    ("/namespaces", r#""status":{"phase":"Active"}"#, r#"["n","Active","60m"]"#),
    ("/serviceaccounts", "", r#"["n","60m"]"#),
    ("/limitranges", "", r#"["n","2024-05-01T00:00:00Z"]"#),
    ("/endpoints", r#""subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"ports":[{"port":80},{"port":81}]}]"#,
        r#"["n","10.0.0.1:80,[fd00::1]:80,10.0.0.1:81 + 1 more...","60m"]"#),
    ("/endpoints", r#""subsets":[{"addresses":[{"ip":"10.0.0.1"}]}]"#, r#"["n","10.0.0.1","60m"]"#),
    ("/endpoints", "", r#"["n","<none>","60m"]"#),
    ("/events", r#""type":"Normal","reason":"R","message":" m\n","involvedObject":{"kind":"Pod","name":"p","fieldPath":"f"},
        "source":{"component":"c","host":"h"},"count":3,"firstTimestamp":"2024-05-01T00:00:00Z","lastTimestamp":"2024-05-01T00:30:00Z""#,
        r#"["30m","Normal","R","pod/p","f","c, h","m","60m",3,"n"]"#),
    ("/events", r#""eventTime":"2024-05-01T00:00:00.000001Z","series":{"count":4,"lastObservedTime":"2024-05-01T00:59:00.000000Z"},
        "involvedObject":{"kind":"Node"},"reportingComponent":"rc""#,
        r#"["60s","","","node","","rc","","60m",4,"n"]"#),
    ("events.k8s.io/events", r#""eventTime":"2024-05-01T00:00:00.000000Z","regarding":{"kind":"Pod","name":"p"},"note":"x","reportingController":"rc""#,
        r#"["60m","","","pod/p","","rc","x","60m",1,"n"]"#),
    ("/persistentvolumes", r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain",
        "claimRef":{"namespace":"a","name":"b"},"storageClassName":"fast","volumeMode":"Block"},"status":{"phase":"Bound"}"#,
        r#"["n","1Gi","RWO,RWX","Retain","Bound","a/b","fast","<unset>","","60m","Block"]"#),
    ("/persistentvolumeclaims", r#""spec":{"volumeName":"v","volumeAttributesClassName":"gold"},"status":{"phase":"Bound","capacity":{"storage":"2Gi"},"accessModes":["ReadWriteOncePod"]}"#,
        r#"["n","Bound","v","2Gi","RWOP","","gold","60m","<unset>"]"#),
    ("/persistentvolumeclaims", r#""status":{"phase":"Pending","capacity":{"storage":"2Gi"}}"#,
        r#"["n","Pending","","","","","<unset>","60m","<unset>"]"#),
    ("/podtemplates", r#""template":{"metadata":{"labels":{"b":"2","a":"1"}},"spec":{"containers":[{"name":"c","image":"i"},{"name":"d","image":"j"}]}}"#,
        r#"["n","c,d","i,j","a=1,b=2"]"#),
    ("/replicationcontrollers", r#""spec":{"replicas":2,"selector":{"a":"x"},"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":1}"#,
        r#"["n",2,1,0,"60m","c","i","a=x"]"#),
    ("/resourcequotas", r#""status":{"hard":{"pods":"5","limits.cpu":"4","requests.cpu":"2"},"used":{"pods":"1"}}"#,
        r#"["n","pods: 1/5, requests.cpu: 0/2","limits.cpu: 0/4","60m"]"#),
    ("/componentstatuses", r#""conditions":[{"type":"Healthy","status":"True","message":"ok"}]"#, r#"["n","Healthy","ok",""]"#),
    ("/nodes", r#""spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],
        "nodeInfo":{"kubeletVersion":"v1","kernelVersion":"6.1","architecture":"arm64","osImage":"Linux"}}"#,
        r#"["n","Ready,SchedulingDisabled","<none>","60m","v1","10.0.0.1","<none>","Linux","6.1 (arm64)","<unknown>"]"#),
    ("/services", r#""spec":{"type":"NodePort","clusterIPs":["10.0.0.1"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"a":"x"}}"#,
        r#"["n","NodePort","10.0.0.1","<none>","80:30080/TCP,53/UDP","60m","a=x"]"#),
    ("/services", r#""spec":{"type":"LoadBalancer","externalIPs":["5.6.7.8"]},"status":{"loadBalancer":{"ingress":[{"hostname":"h"},{"ip":"1.2.3.4"}]}}"#,
        r#"["n","LoadBalancer","<none>","1.2.3.4,h,5.6.7.8","<none>","60m","<none>"]"#),
    ("/services", r#""spec":{"type":"LoadBalancer"}"#, r#"["n","LoadBalancer","<none>","<pending>","<none>","60m","<none>"]"#),
    ("/services", r#""spec":{"type":"ExternalName","externalName":"x.y"}"#, r#"["n","ExternalName","<none>","x.y","<none>","60m","<none>"]"#),
    // apps, batch
    ("apps/controllerrevisions", r#""metadata":{"name":"n","ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","controller":true}]},"revision":3"#,
        r#"["n","daemonset.apps/d",3,"<unknown>"]"#),
    ("apps/daemonsets", r#""spec":{"selector":{"matchLabels":{"a":"x"}},"template":{"spec":{"nodeSelector":{"k":"v"},"containers":[{"name":"c","image":"i"}]}}},"status":{"desiredNumberScheduled":2,"numberReady":1}"#,
        r#"["n",2,0,1,0,0,"k=v","60m","c","i","a=x"]"#),
    ("apps/deployments", r#""spec":{"replicas":2,"selector":{"matchExpressions":[{"key":"b","operator":"In","values":["z","y"]}]}},"status":{"readyReplicas":1,"updatedReplicas":2}"#,
        r#"["n","1/2",2,0,"60m","","","b in (y,z)"]"#),
    ("apps/replicasets", r#""spec":{"replicas":2,"selector":{}}"#, r#"["n",2,0,0,"60m","","","<none>"]"#),
    ("apps/statefulsets", r#""spec":{"replicas":2}"#, r#"["n","0/2","60m","",""]"#),
    ("batch/cronjobs", r#""spec":{"schedule":"* * * * *","suspend":false},"status":{"active":[{}],"lastScheduleTime":"2024-05-01T00:59:00Z"}"#,
        r#"["n","* * * * *","<none>","False",1,"60s","60m","","","<none>"]"#),
    ("batch/jobs", r#""spec":{"completions":3},"status":{"succeeded":1,"startTime":"2024-05-01T00:00:00Z","completionTime":"2024-05-01T00:02:05Z","conditions":[{"type":"Complete","status":"True"}]}"#,
        r#"["n","Complete","1/3","2m5s","60m","","","<none>"]"#),
    ("batch/jobs", r#""spec":{"parallelism":3},"status":{"conditions":[{"type":"Suspended","status":"True"}]}"#,
        r#"["n","Suspended","0/1 of 3","","60m","","","<none>"]"#),
    // the other groups
    ("admissionregistration.k8s.io/mutatingwebhookconfigurations", r#""webhooks":[{},{}]"#, r#"["n",2,"60m"]"#),
    ("admissionregistration.k8s.io/validatingadmissionpolicies", r#""spec":{"validations":[{}],"paramKind":{"apiVersion":"v1","kind":"ConfigMap"}}"#,
        r#"["n",1,"v1/ConfigMap","60m"]"#),
    ("admissionregistration.k8s.io/mutatingadmissionpolicies", r#""spec":{"mutations":[{}]}"#, r#"["n",1,"<unset>","60m"]"#),
    ("admissionregistration.k8s.io/validatingadmissionpolicybindings", r#""spec":{"policyName":"p","paramRef":{"name":"c"}}"#, r#"["n","p","*/c","60m"]"#),
    ("admissionregistration.k8s.io/mutatingadmissionpolicybindings", r#""spec":{"policyName":"p","paramRef":{"selector":{"matchLabels":{"a":"b"}}}}"#,
        r#"["n","p","&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}","60m"]"#),
    ("apiregistration.k8s.io/apiservices", r#""spec":{"service":{"namespace":"a","name":"b"}},"status":{"conditions":[{"type":"Available","status":"False","reason":"R"}]}"#,
        r#"["n","a/b","False (R)","60m"]"#),
    ("apiregistration.k8s.io/apiservices", r#""status":{"conditions":[{"type":"Available","status":"True","reason":"R"}]}"#, r#"["n","Local","True","60m"]"#),
    ("autoscaling/horizontalpodautoscalers", r#""spec":{"scaleTargetRef":{"kind":"Deployment","name":"d"},"maxReplicas":3,"metrics":[
        {"type":"Resource","resource":{"name":"cpu","target":{"averageUtilization":50}}},{"type":"Pods","pods":{"target":{"averageValue":"5"}}},{"type":"External"}]},
        "status":{"currentReplicas":2,"currentMetrics":[{"type":"Resource","resource":{"current":{"averageUtilization":30}}}]}"#,
        r#"["n","Deployment/d","cpu: 30%/50%, <unknown>/5 + 1 more...","<unset>",3,2,"60m"]"#),
    ("certificates.k8s.io/certificatesigningrequests", r#""spec":{"signerName":"s","username":"u","expirationSeconds":3600},"status":{"certificate":"eA==","conditions":[{"type":"Approved"}]}"#,
        r#"["n","60m","s","u","60m","Approved,Issued"]"#),
    ("coordination.k8s.io/leases", r#""spec":{"holderIdentity":"h"}"#, r#"["n","h","60m"]"#),
    ("discovery.k8s.io/endpointslices", r#""addressType":"IPv4","ports":[{"port":1},{"name":"x"},{}],"endpoints":[{"addresses":["a","b"]},{"addresses":["c","d"]}]"#,
        r#"["n","IPv4","1,x,*","a,b,c + 1 more...","60m"]"#),
    ("flowcontrol.apiserver.k8s.io/flowschemas", r#""spec":{"priorityLevelConfiguration":{"name":"p"},"matchingPrecedence":7},"status":{"conditions":[{"type":"Dangling","status":"False"}]}"#,
        r#"["n","p",7,"<none>","60m","False"]"#),
    ("flowcontrol.apiserver.k8s.io/prioritylevelconfigurations", r#""spec":{"type":"Limited","limited":{"nominalConcurrencyShares":3,"limitResponse":{"queuing":{"queues":4,"handSize":2,"queueLengthLimit":5}}}}"#,
        r#"["n","Limited",3,4,2,5,"60m"]"#),
    ("flowcontrol.apiserver.k8s.io/prioritylevelconfigurations", r#""spec":{"type":"Exempt"}"#, r#"["n","Exempt","<none>","<none>","<none>","<none>","60m"]"#),
    ("networking.k8s.io/ingressclasses", r#""metadata":{"name":"n","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},"spec":{"controller":"c","parameters":{"apiGroup":"g","kind":"K","name":"p"}}"#,
        r#"["n (default)","c","K.g/p","<unknown>"]"#),
    ("networking.k8s.io/ingresses", r#""spec":{"tls":[{}],"rules":[{"host":"a"},{},{"host":"b"},{"host":"c"},{"host":"d"}]}"#,
        r#"["n","<none>","a,b,c + 2 more...","","80, 443","60m"]"#),
    ("networking.k8s.io/ipaddresses", r#""spec":{"parentRef":{"resource":"Services","namespace":"a","name":"b"}}"#, r#"["n","services/a/b","60m"]"#),
    ("networking.k8s.io/networkpolicies", r#""spec":{"podSelector":{}}"#, r#"["n","<none>","60m"]"#),
    ("networking.k8s.io/servicecidrs", r#""spec":{"cidrs":["10.0.0.0/24","fd00::/64"]}"#, r#"["n","10.0.0.0/24,fd00::/64","60m"]"#),
    ("node.k8s.io/runtimeclasses", r#""handler":"h""#, r#"["n","h","60m"]"#),
    ("policy/poddisruptionbudgets", r#""spec":{"minAvailable":"50%"},"status":{"disruptionsAllowed":2}"#, r#"["n","50%","N/A",2,"60m"]"#),
    ("rbac.authorization.k8s.io/rolebindings", r#""roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"User","name":"v"},{"kind":"ServiceAccount","namespace":"a","name":"s"}]"#,
        r#"["n","Role/r","60m","u, v","","a/s"]"#),
    ("resource.k8s.io/resourceclaims", r#""status":{"allocation":{},"reservedFor":[{}]}"#, r#"["n","allocated,reserved","60m"]"#),
    ("resource.k8s.io/resourceslices", r#""spec":{"nodeName":"x","driver":"d","pool":{"name":"p"}}"#, r#"["n","x","d","p","60m"]"#),
    ("scheduling.k8s.io/priorityclasses", r#""value":7,"preemptionPolicy":"Never""#, r#"["n",7,false,"60m","Never"]"#),
    ("storage.k8s.io/csidrivers", r#""spec":{"tokenRequests":[{"audience":"a"},{"audience":"b"}],"volumeLifecycleModes":["Persistent"]}"#,
        r#"["n",true,false,false,"a,b",false,"Persistent","60m"]"#),
    ("storage.k8s.io/csinodes", r#""spec":{"drivers":[{}]}"#, r#"["n",1,"60m"]"#),
    ("storage.k8s.io/storageclasses", r#""metadata":{"name":"n","annotations":{"storageclass.beta.kubernetes.io/is-default-class":"true"}},"provisioner":"p""#,
        r#"["n (default)","p","Delete","Immediate",false,"<unknown>"]"#),
    ("storage.k8s.io/volumeattachments", r#""spec":{"attacher":"a","nodeName":"x","source":{"persistentVolumeName":"v"}},"status":{"attached":true}"#,
        r#"["n","a","v","x",true,"60m"]"#),
    ("storage.k8s.io/volumeattributesclasses", r#""driverName":"d""#, r#"["n","d","60m"]"#),
];

#[test]
fn each_kind_has_its_cells() {
    let resources = resources();
    for (name, fields, expected) in ROWS {
        let (group, plural) = name.split_once('/').expect("a group and a plural");
        let mut versions = resources.iter().filter(|it| it.resource == plural && it.group == group);
        let resource = versions.next().expect(name);
        let meta = if fields.contains(r#""metadata":{"name""#) { String::new() } else { format!("{META},") };
        let object = format!("{{{meta}{fields}}}").replace(",}", "}");
        let expected = json::parse(expected.as_bytes()).expect("JSON");
        assert_eq!(Value::Array(cells(resource, &object)), expected, "{name} {fields}");
    }
}

#[test]
fn there_is_a_cell_for_every_column_whatever_the_object() {
    for resource in resources() {
        let mut definitions = Vec::new();
        resource.columns.write_definitions(&mut definitions);
        let definitions = json::parse(&definitions).expect("JSON");
        let columns = definitions.as_array().map_or(0, Vec::len);
        // The original's rows of these are longer by an age.
        let extra = usize::from(resource.resource == "ipaddresses");
        for object in
            ["{}", r#"{"metadata":null,"spec":[],"status":"x"}"#, r#"{"spec":{"ports":{},"rules":null}}"#]
        {
            assert_eq!(cells(&resource, object).len(), columns + extra, "{} {object}", resource.resource);
        }
    }
}

#[test]
fn older_versions_are_shown_as_the_stored_one() {
    let resources = resources();
    let scaler = |version: &str| {
        resources
            .iter()
            .find(|it| it.resource == "horizontalpodautoscalers" && it.version == version)
            .expect("served")
    };
    let object = format!(
        r#"{{{META},"spec":{{"scaleTargetRef":{{"kind":"D","name":"d"}},"minReplicas":1,"maxReplicas":3,
            "targetCPUUtilizationPercentage":70}},"status":{{"currentReplicas":2,"currentCPUUtilizationPercentage":35}}}}"#
    );
    let expected = json::parse(br#"["n","D/d","cpu: 35%/70%","1",3,2,"60m"]"#).expect("JSON");
    assert_eq!(Value::Array(cells(scaler("v1"), &object)), expected);
}
