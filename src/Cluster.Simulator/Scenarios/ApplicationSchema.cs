namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>What an Argo CD <c>Application</c> may hold, as far as the simulated ones go.</summary>
internal static class ApplicationSchema
{
    public const string Json = """
        {"type":"object","description":"A source of manifests and the cluster it is kept in step with.","required":["metadata","spec"],"x-kubernetes-preserve-unknown-fields":true,
         "properties":{
          "spec":{"type":"object","description":"Where the manifests come from, where they go, and how they are kept in step.","properties":{
           "project":{"type":"string","description":"The project that says which sources and destinations are allowed.","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","default":"default"},
           "source":{"type":"object","description":"Where the manifests are.","required":["repoURL"],"properties":{
            "repoURL":{"type":"string","description":"Address of the Git or Helm repository.","format":"uri"},
            "path":{"type":"string","description":"Folder in the Git repository."},
            "targetRevision":{"type":"string","description":"Branch, tag or commit, or the version of a chart."},
            "chart":{"type":"string","description":"Name of the chart in a Helm repository."},
            "ref":{"type":"string","description":"A name by which other sources refer to this one."},
            "directory":{"type":"object","description":"How a folder of plain manifests is read.","properties":{
             "recurse":{"type":"boolean","description":"Reads the folders below it, too."},
             "include":{"type":"string","description":"Files that are read, a glob."},
             "exclude":{"type":"string","description":"Files that are left out, a glob."}}},
            "helm":{"type":"object","description":"How a chart is rendered.","x-kubernetes-preserve-unknown-fields":true,"properties":{
             "releaseName":{"type":"string","description":"Name of the release, that of the application when absent.","maxLength":53},
             "version":{"type":"string","description":"Version of Helm.","enum":["v2","v3"]},
             "valueFiles":{"type":"array","description":"Files of values, the later ones win.","items":{"type":"string"}}}},
            "kustomize":{"type":"object","description":"How an overlay is built.","x-kubernetes-preserve-unknown-fields":true,"properties":{
             "namePrefix":{"type":"string","description":"Put before every name."},
             "images":{"type":"array","description":"Images that are replaced.","items":{"type":"string"}}}},
            "plugin":{"type":"object","description":"A plugin that renders the manifests.","x-kubernetes-preserve-unknown-fields":true}}},
           "sources":{"type":"array","description":"Several sources in the place of one.","maxItems":20,"items":{"type":"object","required":["repoURL"],"x-kubernetes-preserve-unknown-fields":true,"properties":{
            "repoURL":{"type":"string","description":"Address of the Git or Helm repository."},
            "path":{"type":"string","description":"Folder in the Git repository."},
            "targetRevision":{"type":"string","description":"Branch, tag or commit, or the version of a chart."}}}},
           "destination":{"type":"object","description":"Where the manifests go.","properties":{
            "server":{"type":"string","description":"Address of the cluster."},
            "name":{"type":"string","description":"Name of the cluster, in the place of its address."},
            "namespace":{"type":"string","description":"Namespace of what does not name its own.","maxLength":63}}},
           "syncPolicy":{"type":"object","description":"When and how the cluster is brought in step.","properties":{
            "automated":{"type":"object","description":"Syncs without being told to; absent for syncing by hand.","properties":{
             "prune":{"type":"boolean","description":"Deletes what is no longer in the source.","default":false},
             "selfHeal":{"type":"boolean","description":"Undoes changes that are made in the cluster.","default":false},
             "allowEmpty":{"type":"boolean","description":"Lets an empty source delete everything.","default":false}}},
            "syncOptions":{"type":"array","description":"Such as CreateNamespace=true.","items":{"type":"string"}},
            "retry":{"type":"object","description":"What follows when a sync fails.","properties":{
             "limit":{"type":"integer","format":"int64","description":"How often it is tried again; endlessly when negative.","minimum":-1,"maximum":100},
             "backoff":{"type":"object","description":"How long it waits in between.","properties":{
              "duration":{"type":"string","description":"The first wait.","pattern":"^[0-9]+(s|m|h)$"},
              "factor":{"type":"integer","format":"int64","description":"What each wait is multiplied by.","minimum":1},
              "maxDuration":{"type":"string","description":"The longest wait.","pattern":"^[0-9]+(s|m|h)$"}}}}},
            "managedNamespaceMetadata":{"type":"object","description":"Labels and annotations of a namespace that syncing creates.","properties":{
             "labels":{"type":"object","additionalProperties":{"type":"string"}},
             "annotations":{"type":"object","additionalProperties":{"type":"string"}}}}}},
           "revisionHistoryLimit":{"type":"integer","format":"int64","description":"How many former syncs are remembered.","minimum":0,"maximum":100,"default":10},
           "ignoreDifferences":{"type":"array","description":"Fields that may differ.","items":{"type":"object","required":["kind"],"x-kubernetes-preserve-unknown-fields":true,"properties":{"group":{"type":"string"},"kind":{"type":"string"},"jsonPointers":{"type":"array","items":{"type":"string"}}}}},
           "info":{"type":"array","description":"Notes for people.","items":{"type":"object","required":["name","value"],"properties":{"name":{"type":"string"},"value":{"type":"string"}}}}}},
          "status":{"type":"object","description":"What the controller found.","x-kubernetes-preserve-unknown-fields":true,"properties":{
           "sync":{"type":"object","description":"Whether the cluster is as the source says.","x-kubernetes-preserve-unknown-fields":true,"properties":{
            "status":{"type":"string","description":"Synced, OutOfSync or Unknown."},
            "revision":{"type":"string","description":"The commit that was compared with."}}},
           "health":{"type":"object","description":"Whether what was synced works.","x-kubernetes-preserve-unknown-fields":true,"properties":{
            "status":{"type":"string","description":"Healthy, Progressing, Degraded, Suspended, Missing or Unknown."},
            "message":{"type":"string","description":"Why."}}}}}}}
        """;
}
