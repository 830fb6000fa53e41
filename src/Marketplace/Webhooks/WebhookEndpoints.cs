using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Webhooks;

/// <summary>Webhooks over HTTP.</summary>
internal static class WebhookEndpoints
{
    private const string StateParameter = "state";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/publishers/{name}/webhooks").WithTags("webhooks");
        group.MapGet("", ListAsync).Gives<WebhookList>().WithSummary("The webhooks of a publisher; these are for its owners");
        group.MapPost("", CreateAsync).Takes<NewWebhook>().Gives<CreatedWebhook>(StatusCodes.Status201Created).WithSummary("Has events sent somewhere; the secret that they are signed with is told this once");
        group.MapDelete("/{webhook}", RemoveAsync).GivesNothing().WithSummary("Takes a webhook away, with what waits for it");
        group.MapPost("/{webhook}/secret", RenewAsync).Gives<CreatedWebhook>().WithSummary("Gives it another secret");
        group.MapPost("/{webhook}/pings", PingAsync).GivesNothing().WithSummary("Sends it the event `ping`");
        group.MapGet("/{webhook}/deliveries", DeliveriesAsync).Gives<WebhookDeliveryList>().TakesQuery(StateParameter, "waiting, delivered or dead").WithSummary("Its latest deliveries and what became of each, the newest first");
    }

    private static async Task<IResult> ListAsync(string name, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await webhooks.ListAsync(caller, name, cancellationToken)).Json(ApiJson.Default.WebhookList) : refusal;

    private static async Task<IResult> CreateAsync(string name, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewWebhook)).TryGet(out var asked, out refusal)) return refusal;
        return (await webhooks.CreateAsync(caller, name, asked, cancellationToken)).Json(ApiJson.Default.CreatedWebhook, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await webhooks.RemoveAsync(caller, name, webhook, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> RenewAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await webhooks.RenewSecretAsync(caller, name, webhook, cancellationToken)).Json(ApiJson.Default.CreatedWebhook) : refusal;

    private static async Task<IResult> PingAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await webhooks.PingAsync(caller, name, webhook, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> DeliveriesAsync(string name, string webhook, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        DeliveryState? state = null;
        if (context.Request.Query[StateParameter] is [{ Length: > 0 } text])
        {
            if (!Enum.TryParse<DeliveryState>(text, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed)) return Refusal.Invalid(StateParameter, "`state` is none of `waiting`, `delivered` and `dead`");
            state = parsed;
        }
        return (await webhooks.DeliveriesAsync(caller, name, webhook, state, cancellationToken)).Json(ApiJson.Default.WebhookDeliveryList);
    }
}
