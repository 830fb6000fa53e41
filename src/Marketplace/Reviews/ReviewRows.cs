using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Reviews;

/// <summary>Reviews read from the records.</summary>
internal static class ReviewRows
{
    /// <summary>What <see cref="Row"/> is read from; the tables are <c>reviews r</c> and <c>accounts a</c> (the author).</summary>
    public const string Select = "SELECT r.id, r.plugin_id, r.account_id, a.name AS author, r.stars, r.body, r.version, r.written, r.edited, r.helpful, r.reply, r.replied, r.hidden FROM reviews r JOIN accounts a ON a.id = r.account_id";

    public static Task<Row?> FindAsync(Sql sql, string id) => sql.FirstAsync<Row>($"{Select} WHERE r.id = @id", new { id });

    /// <summary>A review in the records.</summary>
    public sealed record Row
    {
        public string Id { get; init; } = "";

        public string PluginId { get; init; } = "";

        public string AccountId { get; init; } = "";

        public string Author { get; init; } = "";

        public long Stars { get; init; }

        public string Body { get; init; } = "";

        public string Version { get; init; } = "";

        public long Written { get; init; }

        public long? Edited { get; init; }

        public long Helpful { get; init; }

        public string? Reply { get; init; }

        public long? Replied { get; init; }

        public string? Hidden { get; init; }

        public PluginId Plugin => LazyOC.Plugins.Contracts.PluginId.Parse(PluginId);

        public Review ToReview() => new()
        {
            Id = Id,
            Plugin = Plugin,
            Author = Author,
            Stars = (int)Stars,
            Text = Body,
            Version = Version,
            Written = Stored.Time(Written),
            Edited = Stored.Time(Edited),
            Helpful = Helpful,
            Reply = Reply is null ? null : new ReviewReply(Reply, Stored.Time(Replied!.Value)),
            Hidden = Hidden,
        };
    }
}
