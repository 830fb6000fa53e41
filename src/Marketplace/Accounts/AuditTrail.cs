using LazyOC.Marketplace.Data;

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
}
