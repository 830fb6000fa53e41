using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Teams;
using LazyOC.Marketplace.Webhooks;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Reviews;

/// <summary>What people who have installed a plugin think of it, what its publisher says to that, and what moderators hide.</summary>
internal sealed class ReviewStore(Database database, DownloadCounts downloads, TimeProvider time, MarketLimits limits)
{
    /// <summary>A page of reviews, the most helpful first; hidden ones are shown to their authors and moderators.</summary>
    public Task<Answer<ReviewList>> ListAsync(Caller? viewer, PluginId id, string? cursor, CancellationToken cancellationToken) => database.ReadAsync<Answer<ReviewList>>(async sql =>
    {
        var after = new { Helpful = long.MaxValue, Id = "" };
        if (cursor is not null)
        {
            if (cursor.Split('-') is not [var helpful, var last] || !long.TryParse(helpful, NumberStyles.None, CultureInfo.InvariantCulture, out var votes) || last.Length > 32) return Refusal.Invalid("cursor", "`cursor` is not one that a page of reviews gave");
            after = new { Helpful = votes, Id = last };
        }
        // As of a plugin that is not there.
        if (!await IsSeenAsync(sql, viewer, id)) return new ReviewList([], Ratings.Of([0, 0, 0, 0, 0]), null);
        var rows = await sql.ListAsync<ReviewRows.Row>(
            $"""
            {ReviewRows.Select} WHERE r.plugin_id = @Plugin AND (r.hidden IS NULL OR r.account_id = @Viewer OR @SeesAll = 1)
              AND (r.helpful < @Helpful OR (r.helpful = @Helpful AND r.id < @Last))
            ORDER BY r.helpful DESC, r.id DESC LIMIT @Count
            """,
            new { Plugin = id.ToString(), Viewer = viewer?.AccountId ?? "", SeesAll = viewer?.LacksModeration() is null && viewer is not null ? 1 : 0, after.Helpful, Last = after.Id, Count = limits.PageEntries + 1 });
        var next = rows.Count > limits.PageEntries ? rows[limits.PageEntries - 1] : null;
        return new ReviewList([.. rows.Take(limits.PageEntries).Select(row => row.ToReview())], await RatingAsync(sql, id), next is null ? null : string.Create(CultureInfo.InvariantCulture, $"{next.Helpful}-{next.Id}"));
    }, cancellationToken);

    /// <summary>Writes the caller's review, or another text and other stars into it.</summary>
    public async Task<Answer<Review>> WriteAsync(Caller caller, PluginId id, NewReview asked, CancellationToken cancellationToken)
    {
        if (caller.Lacks(TokenScope.Review, id) is { } refusal) return refusal;
        if (asked.Stars is < 1 or > 5) return Refusal.Invalid("stars", $"`stars` is {asked.Stars}; 1 to 5 are allowed");
        if (Texts.CheckBlock("text", asked.Text, limits.MaxReviewChars) is { } bad) return bad;
        // The download that makes it a user's may still be waiting to be counted.
        await downloads.FlushAsync(cancellationToken);
        return await database.TryWriteAsync<Review>(async sql =>
        {
            var who = new { caller.AccountId, Plugin = id.ToString(), id.Publisher };
            if (await sql.FirstAsync<string>("SELECT version FROM installations WHERE account_id = @AccountId AND plugin_id = @Plugin", who) is not { } version || !await IsSeenAsync(sql, caller, id))
                return new Refusal(ProblemTypes.Forbidden, $"only who has installed `{id}` while signed in may review it") { Hint = "`lazyoc registry login NAME`, then install it" };
            if (await sql.FirstAsync<string>("SELECT role FROM members WHERE account_id = @AccountId AND publisher = @Publisher", who) is not null)
                return new Refusal(ProblemTypes.Forbidden, "nobody reviews a plugin of a publisher of his own");
            var now = time.Now();
            if (await sql.FirstAsync<ReviewRows.Row>($"{ReviewRows.Select} WHERE r.plugin_id = @Plugin AND r.account_id = @AccountId", who) is { } before)
            {
                await sql.ExecuteAsync("INSERT INTO review_edits (id, review_id, until, stars, body) VALUES (@EditId, @Id, @now, @Stars, @Body)", new { EditId = time.NewId(), before.Id, now, before.Stars, before.Body });
                await sql.ExecuteAsync("UPDATE reviews SET stars = @Stars, body = @Text, version = @version, edited = @now WHERE id = @Id", new { before.Id, asked.Stars, asked.Text, version, now });
            }
            else
            {
                await sql.ExecuteAsync(
                    "INSERT INTO reviews (id, plugin_id, account_id, stars, body, version, written) VALUES (@Id, @Plugin, @AccountId, @Stars, @Text, @version, @now)",
                    new { Id = time.NewId(), who.Plugin, who.AccountId, asked.Stars, asked.Text, version, now });
            }
            await RateAsync(sql, id.ToString());
            var review = (await sql.FirstAsync<ReviewRows.Row>($"{ReviewRows.Select} WHERE r.plugin_id = @Plugin AND r.account_id = @AccountId", who))!;
            await TellAsync(sql, WebhookEvents.ReviewWritten, review);
            return review.ToReview();
        }, cancellationToken);
    }

    public Task<Answer<Review>> WithdrawAsync(Caller caller, PluginId id, CancellationToken cancellationToken) => database.TryWriteAsync<Review>(async sql =>
    {
        if (caller.Lacks(TokenScope.Review, id) is { } refusal) return refusal;
        if (await sql.FirstAsync<ReviewRows.Row>($"{ReviewRows.Select} WHERE r.plugin_id = @Plugin AND r.account_id = @AccountId", new { Plugin = id.ToString(), caller.AccountId }) is not { } review) return Refusal.NotFound("review of yours");
        foreach (var table in new[] { "review_edits", "review_votes", "review_reports" }) await sql.ExecuteAsync($"DELETE FROM {table} WHERE review_id = @Id", review);
        await sql.ExecuteAsync("DELETE FROM reviews WHERE id = @Id", review);
        await RateAsync(sql, review.PluginId);
        return review.ToReview();
    }, cancellationToken);

    /// <summary>A review, if somebody may see it.</summary>
    public Task<Answer<Review>> FindAsync(Caller? viewer, string id, CancellationToken cancellationToken) => database.ReadAsync<Answer<Review>>(async sql => await FindVisibleAsync(sql, viewer, id) is { } review ? review.ToReview() : Missing, cancellationToken);

    /// <summary>What a review was before.</summary>
    public Task<Answer<ReviewHistory>> HistoryAsync(Caller? viewer, string id, CancellationToken cancellationToken) => database.ReadAsync<Answer<ReviewHistory>>(async sql =>
    {
        if (await FindVisibleAsync(sql, viewer, id) is null) return Missing;
        var edits = await sql.ListAsync<EditRow>("SELECT until, stars, body FROM review_edits WHERE review_id = @id ORDER BY id DESC LIMIT @Count", new { id, Count = limits.MaxPageEntries });
        return new ReviewHistory([.. edits.Select(edit => new ReviewEdit(Stored.Time(edit.Until), (int)edit.Stars, edit.Body))]);
    }, cancellationToken);

    /// <summary>Answers a review for the plugin's publisher; another answer takes the place of the first.</summary>
    public async Task<Answer<Review>> ReplyAsync(Caller caller, string id, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text)) return Refusal.Invalid("text", "`text` is empty");
        if (Texts.CheckBlock("text", text, limits.MaxReviewChars) is { } bad) return bad;
        return await ChangeAsync(caller, id, async (sql, review) =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, review.Plugin.Publisher, PublisherRole.Reviewer, TokenScope.Review, review.Plugin) is { } refusal) return refusal;
            await sql.ExecuteAsync("UPDATE reviews SET reply = @text, replied = @Now WHERE id = @id", new { id, text, Now = time.Now() });
            await TellAsync(sql, WebhookEvents.ReviewReplied, review);
            return null;
        }, cancellationToken);
    }

    /// <summary>Says that a review was helpful, or takes that back; once for each account, and not for one's own.</summary>
    public Task<Answer<Review>> VoteAsync(Caller caller, string id, bool isHelpful, CancellationToken cancellationToken) => ChangeAsync(caller, id, async (sql, review) =>
    {
        if (caller.Lacks(TokenScope.Review, review.Plugin) is { } refusal) return refusal;
        if (review.AccountId == caller.AccountId) return new Refusal(ProblemTypes.Forbidden, "nobody votes for a review of his own");
        await sql.ExecuteAsync(
            isHelpful ? "INSERT INTO review_votes (review_id, account_id) VALUES (@id, @AccountId) ON CONFLICT (review_id, account_id) DO NOTHING" : "DELETE FROM review_votes WHERE review_id = @id AND account_id = @AccountId",
            new { id, caller.AccountId });
        await sql.ExecuteAsync("UPDATE reviews SET helpful = (SELECT COUNT(*) FROM review_votes WHERE review_id = @id) WHERE id = @id", new { id });
        return null;
    }, cancellationToken);

    /// <summary>Asks moderators to look at a review.</summary>
    public Task<Answer<Review>> ReportAsync(Caller caller, string id, string reason, CancellationToken cancellationToken) => ChangeAsync(caller, id, async (sql, review) =>
    {
        if ((caller.Lacks(TokenScope.Review, review.Plugin) ?? Texts.CheckLine("reason", reason, limits)) is { } refusal) return refusal;
        await sql.ExecuteAsync(
            "INSERT INTO review_reports (review_id, account_id, reason, at) VALUES (@id, @AccountId, @reason, @Now) ON CONFLICT (review_id, account_id) DO UPDATE SET reason = excluded.reason",
            new { id, caller.AccountId, reason, Now = time.Now() });
        return null;
    }, cancellationToken);

    /// <summary>Hides a review, or shows it again; either way what was reported about it is dealt with.</summary>
    /// <param name="caller">A moderator.</param>
    /// <param name="id">Which review.</param>
    /// <param name="reason">Why it is hidden; null to show it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Answer<Review>> HideAsync(Caller caller, string id, string? reason, CancellationToken cancellationToken) => ChangeAsync(caller, id, async (sql, review) =>
    {
        if ((caller.LacksModeration() ?? (reason is null ? null : Texts.CheckLine("reason", reason, limits))) is { } refusal) return refusal;
        await sql.ExecuteAsync("UPDATE reviews SET hidden = @reason WHERE id = @id", new { id, reason });
        await sql.ExecuteAsync("DELETE FROM review_reports WHERE review_id = @id", new { id });
        await RateAsync(sql, review.PluginId);
        await TellAsync(sql, WebhookEvents.ReviewHidden, review, reason);
        await AuditTrail.AddAsync(sql, time, caller.Name, reason is null ? "review.show" : "review.hide", id, reason ?? "");
        return null;
    }, cancellationToken);

    /// <summary>Reviews that were reported, the oldest first.</summary>
    public static async Task<ImmutableArray<ReportedReview>> ReportedAsync(Sql sql, int count)
    {
        var rows = await sql.ListAsync<ReviewRows.Row>($"{ReviewRows.Select} WHERE EXISTS (SELECT 1 FROM review_reports p WHERE p.review_id = r.id) ORDER BY r.id LIMIT @count", new { count });
        var reported = ImmutableArray.CreateBuilder<ReportedReview>(rows.Count);
        foreach (var row in rows) reported.Add(new ReportedReview(row.ToReview(), [.. await sql.ListAsync<string>("SELECT reason FROM review_reports WHERE review_id = @Id ORDER BY at LIMIT 20", row)]));
        return reported.MoveToImmutable();
    }

    private Task TellAsync(Sql sql, string happened, ReviewRows.Row review, string? reason = null) => WebhookQueue.AddAsync(
        sql, time, limits, new WebhookEvent(happened, review.Plugin.Publisher, review.Plugin) { Version = review.Version, Review = review.Id, Stars = (int)review.Stars, Reasons = reason is null ? [] : [reason] });

    private static Refusal Missing => Refusal.NotFound("review of this id");

    private async Task<Answer<Review>> ChangeAsync(Caller caller, string id, Func<Sql, ReviewRows.Row, Task<Refusal?>> change, CancellationToken cancellationToken) => await database.TryWriteAsync<Review>(async sql =>
    {
        if (await FindVisibleAsync(sql, caller, id) is not { } review) return Missing;
        if (await change(sql, review) is { } refusal) return refusal;
        return (await ReviewRows.FindAsync(sql, id))!.ToReview();
    }, cancellationToken);

    /// <summary>A review that somebody may see; a hidden one is as one that is not there to others than its author and moderators.</summary>
    private static async Task<ReviewRows.Row?> FindVisibleAsync(Sql sql, Caller? viewer, string id) =>
        await ReviewRows.FindAsync(sql, id) is { } review && await IsSeenAsync(sql, viewer, review.Plugin) && (review.Hidden is null || (viewer is not null && (viewer.AccountId == review.AccountId || viewer.LacksModeration() is null))) ? review : null;

    private static async Task<bool> IsSeenAsync(Sql sql, Caller? viewer, PluginId id) => await Sight.Of(viewer, isPrivate: false).OfAsync(sql, id) != Visible.No;

    private static async Task<Rating> RatingAsync(Sql sql, PluginId id) =>
        await sql.FirstAsync<StarsRow>("SELECT stars1, stars2, stars3, stars4, stars5 FROM ratings WHERE plugin_id = @Id", new { Id = id.ToString() }) is { } row ? Ratings.Of([row.Stars1, row.Stars2, row.Stars3, row.Stars4, row.Stars5]) : Ratings.Of([0, 0, 0, 0, 0]);

    /// <summary>Counts the stars anew; hidden reviews do not count.</summary>
    private static async Task RateAsync(Sql sql, string plugin)
    {
        var stars = new long[5];
        foreach (var row in await sql.ListAsync<CountRow>("SELECT stars, COUNT(*) AS reviews FROM reviews WHERE plugin_id = @plugin AND hidden IS NULL GROUP BY stars", new { plugin })) stars[row.Stars - 1] = row.Reviews;
        var rating = Ratings.Of([.. stars]);
        await sql.ExecuteAsync(
            """
            INSERT INTO ratings (plugin_id, stars1, stars2, stars3, stars4, stars5) VALUES (@plugin, @One, @Two, @Three, @Four, @Five)
            ON CONFLICT (plugin_id) DO UPDATE SET stars1 = excluded.stars1, stars2 = excluded.stars2, stars3 = excluded.stars3, stars4 = excluded.stars4, stars5 = excluded.stars5
            """, new { plugin, One = stars[0], Two = stars[1], Three = stars[2], Four = stars[3], Five = stars[4] });
        sql.MarkListing();
        await sql.ExecuteAsync("UPDATE plugins SET rating = @Bayesian, rated = @Count WHERE id = @plugin", new { plugin, rating.Bayesian, rating.Count });
    }

    private sealed record EditRow
    {
        public long Until { get; init; }

        public long Stars { get; init; }

        public string Body { get; init; } = "";
    }

    private sealed record CountRow
    {
        public long Stars { get; init; }

        public long Reviews { get; init; }
    }

    private sealed record StarsRow
    {
        public long Stars1 { get; init; }

        public long Stars2 { get; init; }

        public long Stars3 { get; init; }

        public long Stars4 { get; init; }

        public long Stars5 { get; init; }
    }
}
