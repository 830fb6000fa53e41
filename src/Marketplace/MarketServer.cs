using System.Data.Common;
using System.Text.Json.Serialization;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Accounts.OAuth;
using LazyOC.Marketplace.Administration;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Feeds;
using LazyOC.Marketplace.Mirror;
using LazyOC.Marketplace.Moderation;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Reviews;
using LazyOC.Marketplace.Statistics;
using LazyOC.Marketplace.Storage;
using LazyOC.Marketplace.Teams;
using LazyOC.Marketplace.Web;
using LazyOC.Marketplace.Webhooks;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LazyOC.Marketplace;

/// <summary>A marketplace that runs: its records, its packages, and what it answers.</summary>
internal sealed class MarketServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MarketServer(WebApplication app) => _app = app;

    /// <summary>Where it answers, once it is started.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The key that its documents are signed with.</summary>
    public PublicKey Key => _app.Services.GetRequiredService<RootKey>().PublicKey;

    public IServiceProvider Services => _app.Services;

    /// <summary>Opens the data folder, brings the records up to date, and begins to answer.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="scanners">What every version has to pass; with none, everything is held.</param>
    /// <param name="limits"><see cref="MarketLimits.Default"/> when null.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="prepare">Given the builder before the server is built, for logging.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">The data folder cannot be used, or the port is taken.</exception>
    public static async Task<Outcome<MarketServer>> StartAsync(
        MarketOptions options, RequiredScanners scanners, MarketLimits? limits = null, TimeProvider? time = null, Action<WebApplicationBuilder>? prepare = null, CancellationToken cancellationToken = default)
    {
        limits ??= MarketLimits.Default;
        time ??= TimeProvider.System;
        UserFile.CreateDirectory(options.DataDirectory);
        if (!PackageStorage.Open(options).TryGet(out var packages, out var problems)) return problems;
        if (!Database.Open(options, limits).TryGet(out var database, out problems)) return problems;
        WebApplication? app = null;
        try
        {
            await Migration.ApplyAsync(database, time, cancellationToken);
            if (!(await RootKey.OpenAsync(database, options.DataDirectory, options.KeyPassphrase, cancellationToken)).TryGet(out var root, out problems)) return problems;
            app = Build(options, scanners, limits, time, root, database, packages, prepare);
            if (!database.Dialect.IsShared) await app.Services.GetRequiredService<PackageSweep>().RunAsync(cancellationToken);
            await app.Services.GetRequiredService<PolicyPublication>().PublishAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            var server = new MarketServer(app);
            app = null;
            (database, packages) = (null, null);
            return server;
        }
        catch (DbException error)
        {
            throw new IOException($"the records cannot be used: {error.Message}", error);
        }
        finally
        {
            if (app is not null) await app.DisposeAsync();
            database?.Dispose();
            packages?.Dispose();
        }
    }

    /// <summary>Waits until it is asked to stop.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(MarketOptions options, RequiredScanners scanners, MarketLimits limits, TimeProvider time, RootKey root, Database database, PackageStorage packages, Action<WebApplicationBuilder>? prepare)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.MaxJsonBytes;
        });
        // Addresses of requests have in them what people look for, and line breaks when somebody likes.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        if (options.LogFormat == LogFormat.Json) builder.Logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        else builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // A process that asks to stop is to be told what hangs rather than waited for.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + limits.ShutdownTime);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            // As requests are read, which the OpenAPI document is to say.
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services
            .AddSingleton(options).AddSingleton(limits).AddSingleton(time).AddSingleton(scanners)
            // Made by factories, so that the container disposes them.
            .AddSingleton(_ => root).AddSingleton(_ => database).AddSingleton(_ => packages)
            .AddSingleton<AccountStore>().AddSingleton<TokenStore>().AddSingleton<RequestLimits>().AddSingleton<SignInLimits>()
            .AddSingleton<PublisherStore>().AddSingleton<AuthorKeys>()
            .AddSingleton<SignedDocuments>().AddSingleton<Renewal>()
            .AddSingleton<ScanQueue>().AddSingleton<ScanRun>().AddSingleton<Publication>().AddSingleton<Submissions>().AddSingleton<UploadSlots>()
            .AddSingleton<VersionChanges>().AddSingleton<PluginListing>().AddSingleton<SearchCounts>().AddSingleton<PluginSearch>().AddSingleton<ReviewStore>().AddSingleton<DownloadCounts>()
            .AddSingleton<PackageSweep>().AddSingleton<PluginPictures>()
            .AddHostedService(services => services.GetRequiredService<PackageSweep>())
            .AddHostedService<ScanWorker>()
            .AddHostedService(services => services.GetRequiredService<Renewal>())
            .AddHostedService(services => services.GetRequiredService<DownloadCounts>());
        builder.Services.AddSingleton<SecondFactors>().AddSingleton<SignIns>().AddSingleton<OAuthClient>().AddSingleton<OAuthSignIns>().AddSingleton<Invitations>().AddSingleton<PublisherDomains>();
        builder.Services.AddSingleton<Approvals>().AddSingleton<Appeals>().AddSingleton<Rescans>();
        builder.Services.AddSingleton<DownloadStatistics>().AddSingleton<SearchMisses>().AddHostedService(services => services.GetRequiredService<SearchMisses>());
        builder.Services.AddSingleton<WebhookSecrets>().AddSingleton<WebhookStore>().AddSingleton<WebhookQueue>().AddSingleton<WebhookSender>().AddHostedService<WebhookWorker>();
        builder.Services.AddSingleton<TeamStore>().AddSingleton<AccountDirectory>().AddSingleton<ServerState>();
        builder.Services.AddSingleton<Drain>().AddHostedService(services => services.GetRequiredService<Drain>());
        if (options.TraceCollector is { } collector) Tracing.AddTo(builder.Services, collector);
        builder.Services.AddSingleton<PolicyPublication>().AddSingleton<MirrorRecords>().AddSingleton<UpstreamMirror>();
        builder.Services.AddSingleton<MarketMetrics>().AddSingleton<PrometheusText>();
        builder.Services.AddOpenApi(ApiDocument.Name, ApiDocument.Describe);
        prepare?.Invoke(builder);
        var app = builder.Build();
        // Listens from the first request on.
        _ = app.Services.GetRequiredService<PrometheusText>();
        ServingOptions.UseProxies(app, options);
        Tracing.Use(app);
        SitePipeline.UseFirst(app);
        RequestPipeline.Use(app);
        SitePipeline.UseSession(app);
        Map(app);
        return app;
    }

    private static void Map(WebApplication app)
    {
        RegistryEndpoints.Map(app);
        var api = app.MapGroup("/v1/api");
        AccountEndpoints.Map(api);
        SecondFactorEndpoints.Map(api);
        IdentityEndpoints.Map(api);
        PublisherEndpoints.Map(api);
        InvitationEndpoints.Map(api);
        PublishEndpoints.Map(api);
        VersionEndpoints.Map(api);
        ReviewOfVersionsEndpoints.Map(api);
        PluginEndpoints.Map(api);
        Behaviours.Map(api);
        ReviewEndpoints.Map(api);
        ModerationEndpoints.Map(api);
        StatisticsEndpoints.Map(api);
        WebhookEndpoints.Map(api);
        FeedEndpoints.Map(app);
        TeamEndpoints.Map(api);
        AdministrationEndpoints.Map(api);
        OperationsEndpoints.Map(app);
        Site.Map(app);
        app.MapOpenApi(ApiDocument.Path);
    }
}
