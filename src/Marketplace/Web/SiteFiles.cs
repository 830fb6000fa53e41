using System.Reflection;
using LazyOC.Plugins.Contracts;
using Microsoft.Net.Http.Headers;

namespace LazyOC.Marketplace.Web;

/// <summary>The style sheet and the icon.</summary>
internal static class SiteFiles
{
    public const string Path = "/assets";

    private const string Resources = "LazyOC.Marketplace.Web.Assets.";

    private static readonly TimeSpan Age = TimeSpan.FromDays(365);

    private static readonly (byte[] Bytes, string Tag) Style = Read("site.css");
    private static readonly (byte[] Bytes, string Tag) Icon = Read("icon.svg");

    /// <summary>Where the style sheet is; another one has another address.</summary>
    public static string StyleAddress { get; } = $"{Path}/site.css?{Style.Tag[..12]}";

    public static string IconAddress { get; } = $"{Path}/icon.svg?{Icon.Tag[..12]}";

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup(Path).ExcludeFromDescription();
        group.MapMethods("/site.css", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Answer(context, Style, "text/css; charset=utf-8"));
        group.MapMethods("/icon.svg", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => Answer(context, Icon, "image/svg+xml"));
    }

    private static IResult Answer(HttpContext context, (byte[] Bytes, string Tag) asset, string type)
    {
        context.Response.Headers.CacheControl = $"public, max-age={Age.TotalSeconds:0}";
        return Results.Bytes(asset.Bytes, type, entityTag: new EntityTagHeaderValue($"\"{asset.Tag}\""));
    }

    private static (byte[] Bytes, string Tag) Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resources + name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, Digest.Of(bytes).ToString()["sha256-".Length..]);
    }
}
