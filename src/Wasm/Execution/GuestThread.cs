namespace LazyOC.Wasm;

/// <summary>Makes threads whose stack is large enough for guest code.</summary>
public static class GuestThread
{
    /// <summary>Stack of a guest thread, in bytes. Pages are taken from the system as they are used.</summary>
    public const int StackBytes = 32 * 1024 * 1024;

    /// <summary>A background thread, not started, that runs <paramref name="body"/>.</summary>
    /// <param name="body">What to run; an exception that leaves it ends the process, as on every thread.</param>
    /// <param name="name">Name for debuggers.</param>
    public static Thread Create(Action body, string name) =>
        new(() => body(), StackBytes) { IsBackground = true, Name = name };

    /// <summary>Runs <paramref name="body"/> on a guest thread of its own and waits for its result or exception.</summary>
    public static T Run<T>(Func<T> body)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = Create(
            () =>
            {
                try
                {
                    result.SetResult(body());
                }
                catch (Exception exception)
                {
                    result.SetException(exception);
                }
            },
            "guest");
        thread.Start();
        thread.Join();
        return result.Task.GetAwaiter().GetResult();
    }
}
