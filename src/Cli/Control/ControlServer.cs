using System.Net.Sockets;
using System.Runtime.InteropServices;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Cli.Control;

/// <summary>Does what a client asks; expected failures are answers.</summary>
internal delegate Task<ControlAnswer> ControlHandler(ControlRequest request, ControlConnection connection, CancellationToken cancellationToken);

/// <summary>
/// Lets this user's commands reach a running LazyOC, over a socket that nobody else can connect to. Whatever a client sends,
/// it gets an answer or is hung up on, and nothing else happens.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    private readonly Socket _listener;
    private readonly string _path;
    private readonly ControlHandler _handle;
    private readonly Action<string, Exception> _bug;
    private readonly ControlLimits _limits;
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _ends = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _serving = [];
    private readonly Task _accepting;

    private ControlServer(Socket listener, string path, ControlHandler handle, Action<string, Exception> bug, ControlLimits limits)
    {
        (_listener, _path, _handle, _bug, _limits) = (listener, path, handle, bug, limits);
        _room = new SemaphoreSlim(limits.Connections);
        _accepting = AcceptAsync();
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="directory">Where; <see cref="ControlDirectory.Of"/> a home.</param>
    /// <param name="handle">Does what is asked; called for several connections at once.</param>
    /// <param name="bug">Told of faults of the program's own; must return at once.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="IOException">The socket cannot be made; nothing is left of it.</exception>
    public static ControlServer Start(ControlDirectory directory, ControlHandler handle, Action<string, Exception> bug, ControlLimits limits)
    {
        directory.Create();
        var path = directory.SocketOf(Environment.ProcessId);
        // This process has made none yet: what is there was left by another of the same number.
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
            return new ControlServer(listener, path, handle, bug, limits);
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new IOException($"`{path}` cannot be listened on: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] serving;
        lock (_gate) serving = [.. _serving];
        await Task.WhenAll(serving);
        File.Delete(_path);
        _room.Dispose();
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_ends.Token);
                if (IsOwnUser(socket) && _room.Wait(0)) Serve(socket);
                else socket.Dispose();
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // A client that was gone before it was accepted, or the end.
            }
        }
    }

    private void Serve(Socket socket)
    {
        var serving = ServeAsync(socket);
        lock (_gate) _serving.Add(serving);
        _ = serving.ContinueWith(
            done =>
            {
                lock (_gate) _serving.Remove(done);
            },
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var connection = new ControlConnection(socket, _limits);
            while (await ServeNextAsync(connection))
            {
            }
        }
        catch (Exception hungUp) when (hungUp is IOException or SocketException or OperationCanceledException)
        {
            // The client is gone, was silent for too long, or this is the end.
        }
#pragma warning disable CA1031 // A bug in what a client asked for must not end the program that somebody works in: it is told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _bug("the control socket", bug);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<bool> ServeNextAsync(ControlConnection connection)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
        if (!connection.KeepsSomething) idle.CancelAfter(_limits.Idle);
        ControlAnswer answer;
        var goesOn = true;
        try
        {
            if (await connection.ReadLineAsync(_limits.RequestBytes, idle.Token) is not { } line) return false;
            answer = StrictJson.Read(line.Span, ControlJson.Default.ControlRequest, new JsonLimits(_limits.RequestBytes, MaxDepth: 4)).TryGet(out var request, out var problems)
                ? await _handle(request, connection, _ends.Token)
                : ControlAnswer.Failed($"the request is not one: {Problem.Join(problems)}");
        }
        catch (InvalidDataException tooLong)
        {
            (answer, goesOn) = (ControlAnswer.Failed(tooLong.Message), false);
        }
        await connection.WriteLineAsync(answer, ControlJson.Default.ControlAnswer, _ends.Token);
        return goesOn;
    }

    // The directory keeps others out already; the kernel's word is the second lock. struct ucred { pid, uid, gid }.
    private static bool IsOwnUser(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return true;
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length
            && MemoryMarshal.Cast<byte, uint>(credentials)[1] == Native.EffectiveUser();
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "geteuid")]
        public static extern uint EffectiveUser();
    }
}
