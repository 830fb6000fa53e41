namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>The host found no room in a guest's memory for what it has to put there; the guest is of no further use.</summary>
internal sealed class GuestMemoryException(string message) : Exception(message);
