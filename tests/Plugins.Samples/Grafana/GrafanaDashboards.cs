namespace LazyOC.Plugins.Samples.Tests.Grafana;

/// <summary>Dashboards as Grafana 11 exports them.</summary>
internal static class GrafanaDashboards
{
    /// <summary>A panel of each type that is drawn, rows, a repeated panel and every type of variable.</summary>
    public const string Shop = """
        {
          "uid": "shop", "title": "Shop overview", "tags": ["shop", "kubernetes-deployment"], "schemaVersion": 39, "version": 7, "timezone": "browser", "refresh": "10s",
          "time": { "from": "now-1h", "to": "now" },
          "annotations": { "list": [
            { "builtIn": 1, "datasource": { "type": "grafana", "uid": "-- Grafana --" }, "enable": true, "hide": true, "name": "Annotations & Alerts", "type": "dashboard" },
            { "datasource": { "type": "grafana", "uid": "-- Grafana --" }, "enable": true, "name": "Deploys", "target": { "type": "tags", "tags": ["deploy"], "limit": 100, "matchAny": false } }
          ] },
          "templating": { "list": [
            { "name": "ds", "type": "datasource", "query": "prometheus", "current": { "text": "Prometheus", "value": "prom" }, "hide": 2 },
            { "name": "namespace", "label": "Namespace", "type": "query", "datasource": { "type": "prometheus", "uid": "prom" }, "query": "label_values(kube_pod_info, namespace)", "current": { "text": "bookstore", "value": "bookstore" }, "options": [] },
            { "name": "app", "label": "App", "type": "custom", "multi": true, "includeAll": true, "query": "cart, catalog, search", "current": { "text": ["cart", "search"], "value": ["cart", "search"] } },
            { "name": "window", "label": "Window", "type": "interval", "query": "1m,5m,15m", "current": { "text": "5m", "value": "5m" } },
            { "name": "code", "label": "Status", "type": "textbox", "query": "5..", "current": { "text": "5..", "value": "5.." } },
            { "name": "job", "type": "constant", "query": "shop", "current": { "value": "shop" } }
          ] },
          "panels": [
            { "id": 1, "type": "stat", "title": "Requests", "gridPos": { "x": 0, "y": 0, "w": 6, "h": 4 }, "datasource": { "type": "prometheus", "uid": "$ds" },
              "targets": [{ "refId": "A", "expr": "sum(rate(requests{job=\"$job\"}[$__rate_interval]))" }],
              "fieldConfig": { "defaults": { "unit": "reqps", "thresholds": { "mode": "absolute", "steps": [{ "color": "green", "value": null }, { "color": "orange", "value": 200 }] } }, "overrides": [] },
              "options": { "reduceOptions": { "calcs": ["lastNotNull"], "values": false }, "graphMode": "area" } },
            { "id": 2, "type": "gauge", "title": "Disk used", "gridPos": { "x": 6, "y": 0, "w": 6, "h": 4 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "disk_used_ratio", "instant": true }],
              "fieldConfig": { "defaults": { "unit": "percentunit", "min": 0, "max": 1, "thresholds": { "mode": "percentage", "steps": [{ "color": "green", "value": null }, { "color": "red", "value": 80 }] } } },
              "options": { "reduceOptions": { "calcs": ["lastNotNull"] } } },
            { "id": 3, "type": "bargauge", "title": "Memory", "gridPos": { "x": 12, "y": 0, "w": 6, "h": 4 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "memory_bytes{app=~\"$app\"}" }],
              "fieldConfig": { "defaults": { "unit": "bytes", "max": 1073741824, "thresholds": { "mode": "absolute", "steps": [{ "color": "green", "value": null }, { "color": "#EAB839", "value": 536870912 }] } } },
              "options": { "reduceOptions": { "calcs": ["lastNotNull"] } } },
            { "id": 4, "type": "stat", "title": "State", "gridPos": { "x": 18, "y": 0, "w": 6, "h": 4 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "up" }],
              "fieldConfig": { "defaults": { "mappings": [{ "type": "value", "options": { "0": { "text": "Down", "color": "red" }, "1": { "text": "Up", "color": "green" } } }] } },
              "options": { "reduceOptions": { "calcs": ["lastNotNull"] }, "graphMode": "none" } },
            { "id": 5, "type": "row", "title": "Traffic of $namespace", "collapsed": false, "gridPos": { "x": 0, "y": 4, "w": 24, "h": 1 }, "panels": [] },
            { "id": 6, "type": "timeseries", "title": "Requests by app", "gridPos": { "x": 0, "y": 5, "w": 12, "h": 9 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "sum by (app) (rate(requests{namespace=\"$namespace\", app=~\"$app\"}[$window]))", "legendFormat": "{{app}}" }],
              "fieldConfig": { "defaults": { "unit": "ops", "custom": { "thresholdsStyle": { "mode": "line" } }, "thresholds": { "mode": "absolute", "steps": [{ "color": "transparent", "value": null }, { "color": "red", "value": 90 }] } } } },
            { "id": 7, "type": "timeseries", "title": "Latency", "gridPos": { "x": 12, "y": 5, "w": 12, "h": 9 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "latency_seconds{code=~\"${code:regex}\"}" }, { "refId": "B", "expr": "hidden", "hide": true }],
              "fieldConfig": { "defaults": { "unit": "s" } } },
            { "id": 8, "type": "heatmap", "title": "Durations", "gridPos": { "x": 0, "y": 14, "w": 12, "h": 8 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "sum by (le) (increase(duration_bucket[$__interval]))", "format": "heatmap" }],
              "options": { "calculate": false, "yAxis": { "unit": "s" } } },
            { "id": 9, "type": "table", "title": "Pods", "gridPos": { "x": 12, "y": 14, "w": 12, "h": 8 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "pod_restarts", "instant": true, "format": "table" }],
              "fieldConfig": { "defaults": {}, "overrides": [{ "matcher": { "id": "byName", "options": "memory" }, "properties": [{ "id": "unit", "value": "bytes" }] }, { "matcher": { "id": "byType", "options": "time" }, "properties": [{ "id": "custom.hidden", "value": true }] }] },
              "transformations": [{ "id": "organize", "options": {} }] },
            { "id": 10, "type": "barchart", "title": "Orders by country", "gridPos": { "x": 0, "y": 22, "w": 8, "h": 6 }, "datasource": { "type": "postgres", "uid": "sql" },
              "targets": [{ "refId": "A", "rawSql": "select country, count(*) from orders where app in ($app)", "format": "table" }] },
            { "id": 11, "type": "logs", "title": "Errors", "gridPos": { "x": 8, "y": 22, "w": 16, "h": 6 }, "datasource": { "type": "loki", "uid": "loki" },
              "targets": [{ "refId": "A", "expr": "{app=~\"$app\"} |= \"error\"" }] },
            { "id": 12, "type": "text", "title": "", "gridPos": { "x": 0, "y": 28, "w": 24, "h": 3 }, "options": { "mode": "markdown", "content": "Runbook of **$namespace**: restart `cart` first." } },
            { "id": 13, "type": "timeseries", "title": "Broken", "gridPos": { "x": 0, "y": 31, "w": 8, "h": 6 }, "datasource": { "type": "prometheus", "uid": "prom" }, "targets": [{ "refId": "A", "expr": "sum(" }] },
            { "id": 14, "type": "geomap", "title": "Where", "gridPos": { "x": 8, "y": 31, "w": 8, "h": 6 }, "targets": [] },
            { "id": 15, "type": "graph", "title": "Old", "gridPos": { "x": 16, "y": 31, "w": 8, "h": 6 }, "datasource": null, "targets": [{ "refId": "A", "expr": "memory_bytes" }], "fieldConfig": { "defaults": { "unit": "bytes" } } },
            { "id": 16, "type": "timeseries", "title": "Of $app", "repeat": "app", "repeatDirection": "h", "gridPos": { "x": 0, "y": 37, "w": 8, "h": 6 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "requests{app=\"$app\"}" }] },
            { "id": 17, "type": "row", "title": "Storage", "collapsed": true, "gridPos": { "x": 0, "y": 43, "w": 24, "h": 1 },
              "panels": [{ "id": 18, "type": "stat", "title": "Volumes", "gridPos": { "x": 0, "y": 44, "w": 6, "h": 4 }, "datasource": { "type": "prometheus", "uid": "prom" }, "targets": [{ "refId": "A", "expr": "volumes" }] }] }
          ]
        }
        """;

    /// <summary>What a pod's tab shows: a dashboard with the tag of pods and a variable for the name.</summary>
    public const string Pod = """
        {
          "uid": "pod-detail", "title": "Pod detail", "tags": ["kubernetes-pod"], "schemaVersion": 39, "time": { "from": "now-30m", "to": "now" }, "refresh": "",
          "templating": { "list": [
            { "name": "namespace", "type": "query", "current": { "text": "default", "value": "default" } },
            { "name": "pod", "type": "query", "current": {} }
          ] },
          "panels": [
            { "id": 1, "type": "timeseries", "title": "CPU of $pod", "gridPos": { "x": 0, "y": 0, "w": 24, "h": 8 }, "datasource": { "type": "prometheus", "uid": "prom" },
              "targets": [{ "refId": "A", "expr": "cpu{namespace=\"$namespace\", pod=\"$pod\"}" }] }
          ]
        }
        """;

    /// <summary>A dashboard with one panel.</summary>
    public static string WithPanel(string uid, string panel) => $$"""
        { "uid": "{{uid}}", "title": "Dashboard {{uid}}", "tags": [], "schemaVersion": 39, "time": { "from": "now-1h", "to": "now" }, "panels": [{{panel}}] }
        """;
}
