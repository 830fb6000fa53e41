using LazyOC.Marketplace;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Tests;
using LazyOC.Marketplace.Tests.Nodes;

// `serve DIR STEP`: a server over a folder, and perhaps a database and a bucket, that says when it has come to a step of a
// publish, and then does nothing more.
if (args is not ["serve", var directory, var step]) return 2;
var options = MarketProcess.Place(directory) with
{
    AtStep = reached =>
    {
        if (reached != step) return;
        Console.WriteLine(MarketProcess.Reached);
        Thread.Sleep(Timeout.Infinite);
    },
};
var started = await MarketServer.StartAsync(options, new RequiredScanners([TestScanner.Passing], _ => PackageLooks.None), MarketProcess.Limits, prepare: MarketFixture.Quiet);
if (!started.TryGet(out var server, out _)) return 1;
await using (server)
{
    Console.WriteLine(server.Url);
    await server.WaitAsync(CancellationToken.None);
}
return 0;
