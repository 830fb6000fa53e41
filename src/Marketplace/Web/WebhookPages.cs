using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;
using LazyOC.Marketplace.Webhooks;

namespace LazyOC.Marketplace.Web;

/// <summary>The webhooks of a publisher, and what became of their deliveries.</summary>
internal static class WebhookPages
{
    private const string Route = $"{Portal.PublishersPath}/{{name}}/webhooks";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Route, (string name, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) => ShowAsync(name, context, webhooks, null, null, cancellationToken));
        pages.MapPost(Route, CreateAsync);
        pages.MapGet($"{Route}/{{webhook}}", DeliveriesAsync);
        pages.MapPost($"{Route}/{{webhook}}/removal", async (string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
            context.RequireCaller().TryGet(out var caller, out var refusal) ? PostedForm.SeeOther(context, await webhooks.RemoveAsync(caller, name, webhook, cancellationToken), AddressOf(name)) : refusal);
        pages.MapPost($"{Route}/{{webhook}}/pings", async (string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
            context.RequireCaller().TryGet(out var caller, out var refusal) ? PostedForm.SeeOther(context, await webhooks.PingAsync(caller, name, webhook, cancellationToken), AddressOf(name, webhook)) : refusal);
        pages.MapPost($"{Route}/{{webhook}}/secret", RenewAsync);
    }

    public static string AddressOf(string publisher) => $"{PublisherPortal.AddressOf(publisher)}/webhooks";

    public static string AddressOf(string publisher, string webhook) => $"{AddressOf(publisher)}/{webhook}";

    private static async Task<IResult> ShowAsync(string name, HttpContext context, WebhookStore webhooks, CreatedWebhook? made, Refusal? problem, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await webhooks.ListAsync(caller, name, cancellationToken)).TryGet(out var list, out refusal)) return refusal;
        context.Response.Headers.CacheControl = "no-store";
        return new PageResult<WebhooksView>($"{name}: webhooks", new(StringComparer.Ordinal)
        {
            [nameof(WebhooksView.Publisher)] = name,
            [nameof(WebhooksView.List)] = list.Webhooks,
            [nameof(WebhooksView.Made)] = made,
            [nameof(WebhooksView.Problem)] = problem is null ? null : FormProblem.Of(problem),
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    /// <summary>The secret is in the answer itself, the only time.</summary>
    private static async Task<IResult> CreateAsync(string name, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        var asked = new NewWebhook { Url = context.Field("url"), Events = [.. context.Request.Form["event"].OfType<string>()] };
        return (await webhooks.CreateAsync(caller, name, asked, cancellationToken)).TryGet(out var made, out refusal)
            ? await ShowAsync(name, context, webhooks, made, null, cancellationToken)
            : await ShowAsync(name, context, webhooks, null, refusal, cancellationToken);
    }

    private static async Task<IResult> RenewAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return (await webhooks.RenewSecretAsync(caller, name, webhook, cancellationToken)).TryGet(out var made, out refusal) ? await ShowAsync(name, context, webhooks, made, null, cancellationToken) : refusal;
    }

    private static async Task<IResult> DeliveriesAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await webhooks.DeliveriesAsync(caller, name, webhook, null, cancellationToken)).TryGet(out var list, out refusal)) return refusal;
        return new PageResult<WebhookDeliveriesView>("Deliveries", new(StringComparer.Ordinal)
        {
            [nameof(WebhookDeliveriesView.Publisher)] = name,
            [nameof(WebhookDeliveriesView.Deliveries)] = list.Deliveries,
        });
    }
}
