using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Reviews;

/// <summary>Reviews over HTTP.</summary>
internal static class ReviewEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("reviews");
        group.MapGet("/plugins/{id}/reviews", ListAsync).Gives<ReviewList>().WithSummary("Reviews of a plugin, the most helpful first").TakesQuery("cursor", "`next` of the page before");
        group.MapPut("/plugins/{id}/reviews/mine", WriteAsync).Takes<NewReview>().Gives<Review>().WithSummary("Reviews a plugin that the caller has installed while signed in; again, to change the review");
        group.MapDelete("/plugins/{id}/reviews/mine", WithdrawAsync).GivesNothing().WithSummary("Withdraws the caller's review");
        group.MapGet("/reviews/{review}/history", HistoryAsync).Gives<ReviewHistory>().WithSummary("What a review was before");
        group.MapPut("/reviews/{review}/reply", ReplyAsync).Takes<NewReply>().Gives<Review>().WithSummary("Answers a review for the plugin's publisher");
        group.MapPut("/reviews/{review}/helpful", VoteAsync).GivesNothing().WithSummary("Says that a review was helpful");
        group.MapDelete("/reviews/{review}/helpful", UnvoteAsync).GivesNothing().WithSummary("Takes that back");
        group.MapPost("/reviews/{review}/reports", ReportAsync).Takes<Reason>().GivesNothing().WithSummary("Asks moderators to look at a review");
        group.MapPut("/moderation/reviews/{review}/hidden", HideAsync).Takes<Reason>().Gives<Review>().WithSummary("Hides a review; for moderators").WithTags("moderation");
        group.MapDelete("/moderation/reviews/{review}/hidden", ShowAsync).GivesNothing().WithSummary("Shows it again; for moderators").WithTags("moderation");
    }

    private static Refusal NoId => Refusal.Invalid("id", "`id` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");

    private static async Task<IResult> ListAsync(string id, string? cursor, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
        PluginId.TryParse(id, out var plugin) ? (await reviews.ListAsync(context.Caller(), plugin, cursor, cancellationToken)).Json(ApiJson.Default.ReviewList) : NoId;

    private static async Task<IResult> WriteAsync(string id, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return NoId;
        if (!(await context.ReadAsync(ApiJson.Default.NewReview)).TryGet(out var asked, out refusal)) return refusal;
        return (await reviews.WriteAsync(caller, plugin, asked, cancellationToken)).Json(ApiJson.Default.Review);
    }

    private static async Task<IResult> WithdrawAsync(string id, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return PluginId.TryParse(id, out var plugin) ? (await reviews.WithdrawAsync(caller, plugin, cancellationToken)).NoContent() : NoId;
    }

    private static async Task<IResult> HistoryAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
        (await reviews.HistoryAsync(context.Caller(), review, cancellationToken)).Json(ApiJson.Default.ReviewHistory);

    private static async Task<IResult> ReplyAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewReply)).TryGet(out var asked, out refusal)) return refusal;
        return (await reviews.ReplyAsync(caller, review, asked.Text, cancellationToken)).Json(ApiJson.Default.Review);
    }

    private static Task<IResult> VoteAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) => SetVoteAsync(review, true, context, reviews, cancellationToken);

    private static Task<IResult> UnvoteAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) => SetVoteAsync(review, false, context, reviews, cancellationToken);

    private static async Task<IResult> SetVoteAsync(string review, bool isHelpful, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await reviews.VoteAsync(caller, review, isHelpful, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> ReportAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await reviews.ReportAsync(caller, review, reason.Text, cancellationToken)).NoContent();
    }

    private static async Task<IResult> HideAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.Reason)).TryGet(out var reason, out refusal)) return refusal;
        return (await reviews.HideAsync(caller, review, reason.Text, cancellationToken)).Json(ApiJson.Default.Review);
    }

    private static async Task<IResult> ShowAsync(string review, HttpContext context, ReviewStore reviews, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await reviews.HideAsync(caller, review, null, cancellationToken)).NoContent() : refusal;
}
