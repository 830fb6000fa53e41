using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>Tells what of the user's place on the screen is different from what was told before. Thread safe.</summary>
/// <param name="bus">Where to.</param>
/// <param name="session">The session that the plugins are in.</param>
internal sealed class ScreenEvents(EventBus bus, Func<ClusterSession> session)
{
    // A walk through a list: only where it is now matters.
    private const string Key = "screen";

    private readonly Lock _gate = new();
    private UserPlace? _told;

    /// <summary>The user is somewhere; nothing happens when that is where he was, or in a cluster that plugins have left.</summary>
    public void Tell(ClusterSession where, UserPlace place)
    {
        lock (_gate)
        {
            if (place == _told || !ReferenceEquals(where.Client, session().Client)) return;
            var told = _told;
            _told = place;
            if (place.Theme != told?.Theme) bus.Publish(HostTopics.Theme, place.Theme, ContractJson.Default.UiTheme, Key);
            if (place.Namespace != told?.Namespace) bus.Publish(HostTopics.Namespace, place.Namespace, ContractJson.Default.UiNamespace, Key);
            if (place.Screen != told?.Screen) bus.Publish(HostTopics.Screen, place.Screen, ContractJson.Default.UiScreen, Key);
            if (place.Selection != told?.Selection) bus.Publish(HostTopics.Selection, place.Selection, ContractJson.Default.UiSelection, Key);
        }
    }

    /// <summary>The session is another by now: nobody in it is told what was on the screen before.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _told = null;
            bus.Forget(HostTopics.Theme, HostTopics.Namespace, HostTopics.Screen, HostTopics.Selection);
        }
    }
}
