using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>ui.status</c>: sets a status item that the plugin contributes.</summary>
public sealed record UiStatusRequest
{
    /// <summary>Id of the contribution.</summary>
    public required string Item { get; init; }

    public required string Text { get; init; }
    public TextStyle Style { get; init; }
}

/// <summary><c>ui.update</c>: gives one open view new content, either whole or by patches.</summary>
public sealed record UiUpdateRequest
{
    /// <summary>The <see cref="RenderPayload.Instance"/> of a view of this plugin; <c>not-found</c> when it is closed or another's.</summary>
    public required string Instance { get; init; }

    /// <summary>Replaces all of it; excludes <see cref="Patches"/>.</summary>
    public ViewNode? Content { get; init; }

    /// <summary>Replace nodes by id, all in one step or, when an id is not there (<c>not-found</c>), none; excludes <see cref="Content"/>.</summary>
    public ImmutableArray<ViewPatch> Patches { get; init => field = value.OrEmpty(); } = [];
}

/// <summary><c>ui.notify</c>: a short text that goes away by itself.</summary>
public sealed record UiNotifyRequest
{
    public required string Text { get; init; }
    public TextStyle Style { get; init; }
}

/// <summary><c>ui.confirm</c>: asks the user a question of yes or no; needs a gesture.</summary>
public sealed record UiConfirmRequest
{
    public required string Text { get; init; }
    public DangerLevel Danger { get; init; }
}

/// <summary>Answer of <c>ui.confirm</c>.</summary>
public sealed record UiConfirmAnswer
{
    /// <summary>False, too, when the user dismissed the question.</summary>
    public required bool Confirmed { get; init; }
}

/// <summary><c>ui.prompt</c>: asks the user to fill in fields; needs a gesture.</summary>
public sealed record UiPromptRequest
{
    public required string Title { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<FormField> Fields { get; init; }
}

/// <summary>Answer of <c>ui.prompt</c>.</summary>
public sealed record UiPromptAnswer
{
    /// <summary>By field name; they satisfy the fields. Absent when the user dismissed the prompt.</summary>
    public JsonElement? Values { get; init; }
}

/// <summary><c>ui.open</c>: shows a tab or page that the plugin contributes; needs a gesture.</summary>
public sealed record UiOpenRequest
{
    /// <summary>Id of the contribution.</summary>
    public required string View { get; init; }

    /// <summary>What a tab is about; absent for a page.</summary>
    public ObjectReference? Object { get; init; }
}

/// <summary><c>ui.browse</c>: opens an address in the user's browser; needs a gesture.</summary>
public sealed record UiBrowseRequest
{
    /// <summary><c>http</c> or <c>https</c>, of a server that the plugin may connect to.</summary>
    public required string Url { get; init; }
}

/// <summary><c>ui.progress</c>: how far something is that goes on in the background.</summary>
public sealed record UiProgressRequest
{
    /// <summary>Names it among the plugin's own.</summary>
    public required string Id { get; init; }

    public required string Text { get; init; }

    /// <summary>From 0 to 1; absent when there is no measure.</summary>
    public double? Value { get; init; }

    /// <summary>It has ended and goes away.</summary>
    public bool Done { get; init; }
}
