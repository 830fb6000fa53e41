using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>A request ends here. It crosses the HTTP client, which knows no other way; never leaves the gateway.</summary>
internal sealed class NetworkRefusalException(string code, string message) : Exception(message)
{
    public CallError Error { get; } = new(code, message);

    /// <summary>The refusal within what the HTTP client made of it; null when it failed for another reason.</summary>
    public static NetworkRefusalException? Within(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is NetworkRefusalException refusal) return refusal;
        return null;
    }
}
