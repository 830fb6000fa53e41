namespace LazyOC.Plugins.Sandbox.Guests.Extism;

internal static class ExtismGuest
{
    public static ValueTask<GuestStart> StartAsync(GuestOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException("guests of this kind cannot be started yet");
}
