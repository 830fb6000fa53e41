using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Columns;

/// <summary>The cases of kubectl's own pod printer.</summary>
public sealed class PodStatusTests
{
    private const string Now = "2026-01-02T00:00:00Z";

    [Theory]
    [InlineData("""{"spec":{"containers":[{},{}]},"status":{"phase":"Running","containerStatuses":[{"ready":true,"restartCount":3,"state":{"running":{}}},{"restartCount":3}]}}""", "1/2 Running 6")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Pending"}}""", "0/1 Pending 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Failed","reason":"Evicted"}}""", "0/1 Evicted 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}}""", "0/1 SchedulingGated 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Running","containerStatuses":[{"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"finishedAt":"2026-01-01T23:55:00Z"}}}]}}""", "0/1 CrashLoopBackOff 7 (5m ago)")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]}}""", "0/1 ImagePullBackOff 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"reason":"Completed","exitCode":0}}}]}}""", "0/1 Completed 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":3}}}]}}""", "0/1 ExitCode:3 0")]
    [InlineData("""{"spec":{"containers":[{}]},"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"signal":9,"exitCode":137}}}]}}""", "0/1 Signal:9 0")]
    [InlineData("""{"spec":{"containers":[{},{}]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}},{"ready":true,"state":{"running":{}}}]}}""", "1/2 Running 0")]
    [InlineData("""{"spec":{"containers":[{},{}]},"status":{"phase":"Running","containerStatuses":[{"state":{"terminated":{"reason":"Completed"}}},{"ready":true,"state":{"running":{}}}]}}""", "1/2 NotReady 0")]
    [InlineData("""{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{}]},"status":{"phase":"Running","containerStatuses":[{"ready":true,"state":{"running":{}}}]}}""", "1/1 Terminating 0")]
    [InlineData("""{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{}]},"status":{"phase":"Running","reason":"NodeLost"}}""", "0/1 Unknown 0")]
    [InlineData("""{"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{}]},"status":{"phase":"Succeeded"}}""", "0/1 Succeeded 0")]
    [InlineData("""{"spec":{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}]}}""", "0/1 Init:1/2 0")]
    [InlineData("""{"spec":{"initContainers":[{"name":"i"}],"containers":[{}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}}""", "0/1 Init:CrashLoopBackOff 2")]
    [InlineData("""{"spec":{"initContainers":[{"name":"i"}],"containers":[{}]},"status":{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"waiting":{"reason":"PodInitializing"}}}]}}""", "0/1 Init:0/1 0")]
    [InlineData("""{"spec":{"initContainers":[{"name":"i"}],"containers":[{}]},"status":{"phase":"Failed","initContainerStatuses":[{"name":"i","state":{"terminated":{"reason":"Error","exitCode":1}}}]}}""", "0/1 Init:Error 0")]
    [InlineData("""{"spec":{"initContainers":[{"name":"i"}],"containers":[{}]},"status":{"phase":"Failed","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":2}}}]}}""", "0/1 Init:ExitCode:2 0")]
    [InlineData("""{"spec":{"initContainers":[{"name":"side","restartPolicy":"Always"}],"containers":[{}]},"status":{"phase":"Running","initContainerStatuses":[{"name":"side","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],"containerStatuses":[{"ready":true,"restartCount":1,"state":{"running":{}}}]}}""", "2/2 Running 2")]
    [InlineData("""{}""", "0/0  0")]
    [InlineData("""{"status":[],"spec":7,"metadata":"x"}""", "0/0  0")]
    public void Project_Pod_PrintsLikeKubectl(string pod, string expected)
    {
        using var document = JsonDocument.Parse(pod);
        var now = DateTimeOffset.Parse(Now, System.Globalization.CultureInfo.InvariantCulture);
        var columns = ResourceTable.BuiltIn(Kinds.Pods);

        var shown = columns.Take(3).Select(c => c.Project(document.RootElement) is { IsNone: false } v ? v.Display(c.Type, now) : "");

        Assert.Equal(expected, string.Join(' ', shown));
    }
}
