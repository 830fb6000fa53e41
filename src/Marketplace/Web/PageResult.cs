using System.Text;
using LazyOC.Marketplace.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace LazyOC.Marketplace.Web;

/// <summary>A page: a component in the frame of the site, as HTML.</summary>
/// <typeparam name="TPage">The component.</typeparam>
/// <param name="Title">Of the window.</param>
/// <param name="Parameters">Of the component, by name.</param>
internal sealed record PageResult<TPage>(string Title, Dictionary<string, object?> Parameters) : IResult
    where TPage : IComponent
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>What is in the field for searching.</summary>
    public string Search { get; init; } = "";

    /// <summary>Path of the feed of what is shown; null when it has none.</summary>
    public string? Feed { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(Frame.Title)] = Title,
            [nameof(Frame.Site)] = services.GetRequiredService<MarketOptions>().Name,
            [nameof(Frame.Viewer)] = Viewer.Of(httpContext),
            [nameof(Frame.Search)] = Search,
            [nameof(Frame.Feed)] = Feed,
            [nameof(Frame.Address)] = httpContext.Request.Path + httpContext.Request.QueryString.Value,
            [nameof(Frame.Page)] = typeof(TPage),
            [nameof(Frame.Parameters)] = Parameters,
        });
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Frame>(parameters)).ToHtmlString());
        var bytes = Encoding.UTF8.GetBytes(html);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
