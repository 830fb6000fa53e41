using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Auth;

/// <summary>
/// Credentials from a program (client.authentication.k8s.io): kept until they expire or the server refuses them, and
/// fetched once however many requests wait for them.
/// </summary>
internal sealed class ExecCredentials(
    ExecCredentialOptions exec,
    ClusterOptions cluster,
    X509Certificate2? certificate,
    ClusterLimits limits,
    TimeProvider time,
    BorrowTerminal? terminal) : CredentialSource
{
    private readonly Lock _gate = new();
    private Task<Credential>? _fetch;
    private DateTimeOffset _expires = DateTimeOffset.MaxValue;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        Task<Credential> fetch;
        lock (_gate)
        {
            var useless = _fetch is null || _fetch.IsFaulted || _fetch.IsCanceled || (_fetch.IsCompletedSuccessfully && time.GetUtcNow() >= _expires);
            if (useless)
                _fetch = Task.Run(FetchAsync, CancellationToken.None);
            fetch = _fetch!;
        }

        return await fetch.WaitAsync(cancellationToken);
    }

    public override bool Reject(Credential rejected)
    {
        lock (_gate)
        {
            if (_fetch is { IsCompletedSuccessfully: true } done && ReferenceEquals(done.Result, rejected))
                _fetch = null;
            return true;
        }
    }

    private async Task<Credential> FetchAsync()
    {
        var interactive = exec.InteractiveMode is not ExecInteractiveMode.Never && terminal is not null;
        if (exec.InteractiveMode is ExecInteractiveMode.Always && !interactive)
            throw new CredentialException($"the credential plugin `{exec.Command}` needs a terminal", "run it once in a terminal, or start `lazyoc` in one");

        if (!interactive)
            return Read(await RunAsync(interactive: false));
        await using (await terminal!(exec.Command, CancellationToken.None))
            return Read(await RunAsync(interactive: true));
    }

    private async Task<byte[]> RunAsync(bool interactive)
    {
        using var process = Start(interactive);
        using var timeout = new CancellationTokenSource(interactive ? Timeout.InfiniteTimeSpan : limits.ExecTimeout, time);
        try
        {
            if (!interactive)
                process.StandardInput.Close();
            var complaint = interactive ? Task.FromResult(Array.Empty<byte>()) : ReadAsync(process.StandardError.BaseStream, timeout.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, timeout.Token);
            var said = Encoding.UTF8.GetString(await complaint).Trim();
            await process.WaitForExitAsync(timeout.Token);
            if (output.Length > limits.MaxExecOutputBytes)
                throw Failed($"printed more than {limits.MaxExecOutputBytes} bytes");
            if (process.ExitCode != 0)
                throw Failed($"ended with exit code {process.ExitCode}{(said.Length > 0 ? $": {LastLine(said)}" : "")}");
            return output;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw Failed($"did not answer within {limits.ExecTimeout.TotalSeconds:0} seconds");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(bool interactive)
    {
        var start = new ProcessStartInfo(exec.Command)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = !interactive,
            RedirectStandardError = !interactive,
        };
        foreach (var argument in exec.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in exec.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = ExecInfo(interactive);
        try
        {
            return Process.Start(start) ?? throw Failed("could not be started");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CredentialException($"the credential plugin `{exec.Command}` cannot be started: {e.Message}", exec.InstallHint ?? $"install `{exec.Command}`, or log in another way", e);
        }
    }

    // One byte more than allowed is enough to know; the rest is drained so that the program does not block on a full pipe.
    private async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new byte[limits.MaxExecOutputBytes + 1];
        var length = await stream.ReadAtLeastAsync(kept, kept.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == kept.Length)
            await stream.CopyToAsync(Stream.Null, cancellationToken);
        return kept[..length];
    }

    private string ExecInfo(bool interactive)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", exec.ApiVersion);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", interactive);
            if (exec.ProvideClusterInfo)
            {
                json.WriteStartObject("cluster");
                json.WriteString("server", cluster.Server.AbsoluteUri.TrimEnd('/'));
                if (cluster.TlsServerName is { } name)
                    json.WriteString("tls-server-name", name);
                if (cluster.InsecureSkipTlsVerify)
                    json.WriteBoolean("insecure-skip-tls-verify", true);
                if (cluster.CertificateAuthorityPem is { } authority)
                    json.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(authority));
                if (cluster.ProxyUrl is { } proxy)
                    json.WriteString("proxy-url", proxy.AbsoluteUri);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private Credential Read(byte[] output)
    {
        try
        {
            using var document = JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth });
            var root = document.RootElement;
            if (root.Text("kind") != "ExecCredential" || root.Text("apiVersion") != exec.ApiVersion)
                throw Failed($"answered `{root.Text("kind")}` `{root.Text("apiVersion")}` instead of `ExecCredential` `{exec.ApiVersion}`");
            if (root.At("status") is not { } status)
                throw Failed("answered no `status`");

            var token = status.Text("token");
            var own = Credential.LoadCertificate(status.Text("clientCertificateData"), status.Text("clientKeyData"), $"the credential plugin `{exec.Command}`");
            if (token is null && own is null)
                throw Failed("answered neither a token nor a client certificate");

            lock (_gate)
                _expires = Expiry(status);
            return new Credential(token is null ? null : $"Bearer {token}", own ?? certificate);
        }
        catch (JsonException e)
        {
            throw Failed($"printed something that is not JSON: {e.Message}");
        }
    }

    private DateTimeOffset Expiry(JsonElement status)
    {
        if (status.Text("expirationTimestamp") is not { } text)
            return DateTimeOffset.MaxValue;
        return status.At("expirationTimestamp")!.Value.TryGetDateTimeOffset(out var expires) ? expires : throw Failed($"answered the expiry `{text}`, which is not a time");
    }

    private CredentialException Failed(string what) => new($"the credential plugin `{exec.Command}` {what}", exec.InstallHint ?? $"run `{exec.Command}` by hand, or log in again");

    private static string LastLine(string text) => text[(text.LastIndexOf('\n') + 1)..];
}
