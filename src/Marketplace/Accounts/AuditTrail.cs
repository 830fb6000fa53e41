using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>What was done with special rights, for those who look into it later. It is only added to.</summary>
internal static class AuditTrail
{
    /// <summary>Who did what no person did.</summary>
    public const string Server = "server";

    /// <summary>Adds a record in the same transaction as what it is about.</summary>
    public static Task AddAsync(Sql sql, TimeProvider time, string account, string action, string subject, string reason = "") => sql.ExecuteAsync(
        "INSERT INTO audit (id, at, account, action, subject, reason) VALUES (@Id, @At, @account, @action, @subject, @reason)",
        new { Id = time.NewId(), At = time.Now(), account, action, subject, reason });

    /// <summary>A page of it, the newest first.</summary>
    /// <param name="sql">Where it is read.</param>
    /// <param name="cursor">Of the page before; null for the first.</param>
    /// <param name="count">Records of a page.</param>
    public static async Task<AuditLog> ReadAsync(Sql sql, string? cursor, int count)
    {
        var rows = await sql.ListAsync<Row>(
            "SELECT id, at, account, action, subject, reason FROM audit WHERE @cursor = '' OR id < @cursor ORDER BY id DESC LIMIT @Count", new { cursor = cursor ?? "", Count = count + 1 });
        return new AuditLog(
            [.. rows.Take(count).Select(row => new AuditRecord(Stored.Time(row.At), row.Account, row.Action, row.Subject, row.Reason))],
            rows.Count > count ? rows[count - 1].Id : null);
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public long At { get; init; }

        public string Account { get; init; } = "";

        public string Action { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Reason { get; init; } = "";
    }
}
