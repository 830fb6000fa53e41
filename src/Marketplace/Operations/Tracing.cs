using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LazyOC.Marketplace.Operations;

/// <summary>
/// What takes how long, for a collector of OpenTelemetry traces; off unless one is named. Requests are named by their route:
/// what people look for, tokens and addresses are in no trace.
/// </summary>
internal static class Tracing
{
    /// <summary>Names the collector, as for every program that speaks OpenTelemetry.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>What ASP.NET Core makes of each request.</summary>
    private const string RequestSource = "Microsoft.AspNetCore";

    private static readonly ActivitySource Source = new("LazyOC.Marketplace");

    /// <summary>A step of what the server does; null when nobody collects.</summary>
    public static Activity? Start(string name, string attribute, string value)
    {
        var activity = Source.StartActivity(name);
        activity?.SetTag(attribute, value);
        return activity;
    }

    /// <summary>Has everything sent to a collector.</summary>
    public static void AddTo(IServiceCollection services, Uri collector) => services.AddSingleton(_ =>
    {
        var isGrpc = Environment.GetEnvironmentVariable(ProtocolVariable) is "grpc";
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("lazyoc-market"))
            .AddSource(RequestSource).AddSource(Source.Name)
            .AddOtlpExporter(exporter =>
            {
                exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = isGrpc ? collector : new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/v1/traces");
            })
            .Build();
    });

    /// <summary>Names requests, once it is known what they came to.</summary>
    public static void Use(WebApplication app)
    {
        // Made now, or nobody listens.
        if (app.Services.GetService<TracerProvider>() is null) return;
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } activity) return;
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            activity.DisplayName = $"{context.Request.Method} {route ?? "other"}";
            activity.SetTag("http.request.method", context.Request.Method);
            activity.SetTag("http.response.status_code", context.Response.StatusCode);
            if (route is not null) activity.SetTag("http.route", route);
            // What ASP.NET Core adds of its own where it does.
            foreach (var tag in new[] { "url.path", "url.query", "user_agent.original", "server.address", "client.address" }) activity.SetTag(tag, null);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError) activity.SetStatus(ActivityStatusCode.Error);
        });
    }
}
