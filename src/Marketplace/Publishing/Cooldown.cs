using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Marketplace.Publishing;

/// <summary>How long updates wait, so that somebody may find out what is wrong with one before it is everywhere: the longer, the more it may do.</summary>
internal static class Cooldown
{
    private const int FarReachingHours = 72;
    private const int ReachingHours = 24;

    /// <summary>Hours of a version that asks for these permissions.</summary>
    public static int HoursOf(PermissionSet permissions)
    {
        var words = permissions.InWords();
        return words.IsEmpty ? 0 : words.Max(word => word.Reach) switch
        {
            PermissionReach.Secrets or PermissionReach.FullTrust => FarReachingHours,
            PermissionReach.Writes or PermissionReach.Network => ReachingHours,
            _ => 0,
        };
    }
}
