using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Accounts of a marketplace from the command line, against a server that <c>market serve</c> runs.</summary>
public sealed class MarketAccountTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct horse battery\n";

    private readonly LazyOc _alice = new();
    private readonly LazyOc _bob = new();
    private Process _server = null!;

    public async Task InitializeAsync()
    {
        _server = _alice.Start("market", "serve", "--port", "0", "--data", _alice.PathOf("data"));
        var (url, fingerprint) = ("", "");
        while (fingerprint.Length == 0)
        {
            var line = await _server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"the server ended: {await _server.StandardError.ReadToEndAsync()}");
            if (line.Contains("http://", StringComparison.Ordinal) && url.Length == 0) url = line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim();
            if (line.StartsWith("key: ", StringComparison.Ordinal)) fingerprint = line["key: ".Length..];
        }
        foreach (var (home, name) in new[] { (_alice, "alice"), (_bob, "bob") })
        {
            await home.OkAsync("registry", "add", url, "--name", "market", "--fingerprint", fingerprint);
            Assert.Equal(0, (await home.RunAsync(LazyOc.Program, ["market", "register", name], Password)).ExitCode);
        }
    }

    public async Task DisposeAsync()
    {
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task Login_TakesTheSecondFactor()
    {
        var on = await _alice.OkAsync("market", "second-factor", "on");
        var secret = on.Split('\n').Single(line => line.StartsWith("secret: ", StringComparison.Ordinal))["secret: ".Length..].Trim();
        Assert.Contains($"otpauth://totp/LazyOC%20marketplace:alice?secret={secret}", on, StringComparison.Ordinal);
        var recovery = (await _alice.OkAsync("market", "second-factor", "confirm", CodeOf(secret))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, recovery.Length);
        await _alice.OkAsync("market", "logout");

        var without = await _alice.RunAsync(LazyOc.Program, ["market", "login", "alice"], Password);
        var with = await _alice.RunAsync(LazyOc.Program, ["market", "login", "alice", "--code", recovery[0].Trim()], Password);

        Assert.NotEqual(0, without.ExitCode);
        Assert.Contains("--code", without.Error, StringComparison.Ordinal);
        Assert.True(with.ExitCode == 0, with.Error);
        Assert.Contains("9 recovery codes left", await _alice.OkAsync("market", "second-factor", "show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invitation_MakesASecondOwner_WithWhomVersionsWaitForApproval()
    {
        await _alice.OkAsync("market", "publisher", "new", "acme");
        Assert.NotEqual(0, (await _alice.RunAsync("market", "publisher", "approval", "acme", "on")).ExitCode);
        await _alice.OkAsync("market", "publisher", "invite", "acme", "bob", "owner");
        var list = await _bob.JsonAsync("market", "invitations", "list");
        var id = list.GetProperty("invitations")[0].GetProperty("id").GetString()!;

        Assert.Contains("owner of acme", await _bob.OkAsync("market", "invitations", "accept", id), StringComparison.Ordinal);

        await _alice.OkAsync("market", "publisher", "approval", "acme", "on");
        Assert.Contains("wait for a second owner", await _bob.OkAsync("market", "publisher", "show", "acme"), StringComparison.Ordinal);
        Assert.StartsWith("lazyoc-publisher=acme:", await _bob.OkAsync("market", "publisher", "domain", "add", "acme", "acme.example"), StringComparison.Ordinal);
        Assert.Contains("acme.example", await _bob.OkAsync("market", "publisher", "domain", "list", "acme"), StringComparison.Ordinal);
        // Not a moderator.
        Assert.NotEqual(0, (await _bob.RunAsync("market", "rescan", "--all")).ExitCode);
    }

    /// <summary>What an authenticator app shows now.</summary>
    private static string CodeOf(string secret)
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(secret.Select(c => Convert.ToString(Digits.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] key = [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // RFC 6238.
        var mac = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadInt32BigEndian(mac.AsSpan(mac[^1] & 0xF)) & int.MaxValue) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
