namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

internal static class JavaScriptGuest
{
    public static ValueTask<GuestStart> StartAsync(GuestOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("guests of this kind cannot be started yet");
}
