using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>
/// What a version did when the marketplace tried it: in a process of its own, against a simulated cluster, granted all that it asks
/// for. Evidence and no proof: a plugin may behave otherwise where it is not watched.
/// </summary>
public sealed record Behaviour
{
    public required string Version { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Its extension points that were visited, in order.</summary>
    public required ImmutableArray<VisitedPart> Visits { get; init; }

    /// <summary>The host calls it made, alike ones counted, by name and target.</summary>
    public required ImmutableArray<ObservedCall> Calls { get; init; }

    /// <summary>Different calls beyond those that are kept.</summary>
    public required long CallsLeftOut { get; init; }

    /// <summary>Origins of the servers it sent requests to; none of them was reached.</summary>
    public required ImmutableArray<string> Servers { get; init; }

    /// <summary>Permissions that it asks for and used in no call.</summary>
    public required ImmutableArray<string> UnusedPermissions { get; init; }

    /// <summary>What held the process; names of <see cref="TrialLayers"/>.</summary>
    public required ImmutableArray<string> Layers { get; init; }

    /// <summary>What could not hold it on the marketplace's machine.</summary>
    public required ImmutableArray<string> MissingLayers { get; init; }
}

/// <summary>An extension point that was visited.</summary>
/// <param name="Kind">Such as <c>tab</c> or <c>action</c>.</param>
/// <param name="Id">Of the contribution.</param>
/// <param name="Target">On what, such as <c>Pod catalog-0</c>; null for what is about nothing.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
public sealed record VisitedPart(string Kind, string Id, string? Target = null, string? Failure = null);

/// <summary>Host calls that are alike.</summary>
/// <param name="Call">Its name; <c>*</c> for calls too many to be told apart.</param>
/// <param name="Target">On what, with <c>*</c> in the place of an object's name.</param>
/// <param name="Outcome"><c>done</c>, <c>failed</c> or <c>refused</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Reason">Why it failed or was refused.</param>
public sealed record ObservedCall(string Call, string Target, string Outcome, long Count, string? Reason = null);

/// <summary>What the tried plugin's process says of it, before anybody believes it.</summary>
public sealed record TrialReport
{
    public required ImmutableArray<VisitedPart> Visits { get; init; }

    public required ImmutableArray<ObservedCall> Calls { get; init; }

    public required long CallsLeftOut { get; init; }

    /// <summary>Why it could not be activated; null when it could, or nothing activates it.</summary>
    public string? ActivationFailure { get; init; }

    /// <summary>Why supervision has stopped it; null when it has not.</summary>
    public string? Stopped { get; init; }
}

/// <summary>What may hold the process of a trial, each with what it is good for.</summary>
public static class TrialLayers
{
    /// <summary>A session and process group of its own, which is killed as a whole.</summary>
    public const string Session = "session";

    /// <summary>No descriptors but the three it is given.</summary>
    public const string Descriptors = "descriptors";

    /// <summary>A network namespace without any network.</summary>
    public const string Network = "network";

    /// <summary>A mount namespace in which the marketplace's data and other processes do not appear.</summary>
    public const string Files = "files";

    /// <summary>Limits on processor time, memory, files and processes.</summary>
    public const string Limits = "limits";

    /// <summary>A user of its own, who owns nothing else.</summary>
    public const string User = "user";

    /// <summary>Nothing it executes gains rights.</summary>
    public const string Privileges = "privileges";

    /// <summary>Rules of paths: nothing can be opened but the program, its runtime and its own folder, and memory and environment of other processes not be read.</summary>
    public const string Paths = "paths";

    /// <summary>A filter of system calls: no sockets but local ones, no processes, no signals to others.</summary>
    public const string Calls = "calls";

    /// <summary>All, in the order in which they are put on.</summary>
    public static ImmutableArray<string> All { get; } = [Session, Descriptors, Network, Files, Limits, User, Privileges, Paths, Calls];

    /// <summary>Begins the line of standard error that says which were put on, before anything that is not trusted runs.</summary>
    public const string Announcement = "layers:";
}

/// <summary>Source-generated JSON of <see cref="TrialReport"/>; refuses what it does not know.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(TrialReport))]
public sealed partial class TrialJson : JsonSerializerContext;
