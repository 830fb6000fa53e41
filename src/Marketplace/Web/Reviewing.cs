using System.Globalization;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Reviews;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Web;

/// <summary>What people do with reviews, each a form on the plugin's page.</summary>
internal static class Reviewing
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost("/plugins/{id}/review", WriteAsync);
        pages.MapPost("/plugins/{id}/review/withdrawal", WithdrawAsync);
        pages.MapPost("/reviews/{review}/reply", (string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => reviews.ReplyAsync(caller, review, context.Field("text"), cancellationToken)));
        pages.MapPost("/reviews/{review}/helpful", (string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => reviews.VoteAsync(caller, review, context.Field("helpful") != "no", cancellationToken)));
        pages.MapPost("/reviews/{review}/reports", (string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => reviews.ReportAsync(caller, review, context.Field("reason"), cancellationToken)));
    }

    private static async Task<IResult> WriteAsync(string id, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.NotFound("plugin of this name");
        if (!int.TryParse(context.Field("stars"), NumberStyles.None, CultureInfo.InvariantCulture, out var stars)) return Refusal.Invalid("stars", "no number of stars was chosen");
        return await ChangeAsync(context, caller => reviews.WriteAsync(caller, plugin, new NewReview { Stars = stars, Text = context.Field("text") }, cancellationToken));
    }

    private static async Task<IResult> WithdrawAsync(string id, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) => PluginId.TryParse(id, out var plugin)
        ? await ChangeAsync(context, caller => reviews.WithdrawAsync(caller, plugin, cancellationToken))
        : Refusal.NotFound("plugin of this name");

    private static async Task<IResult> ChangeAsync(HttpContext context, Func<Caller, Task<Answer<Review>>> change)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await change(caller)).TryGet(out var review, out refusal)) return refusal;
        return PostedForm.SeeOther(context, $"{Browsing.AddressOf(review.Plugin)}#reviews");
    }
}
