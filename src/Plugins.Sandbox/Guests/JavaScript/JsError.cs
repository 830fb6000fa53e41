namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What JavaScript threw, as text of at most <see cref="GuestBounds.FaultTextBytes"/> a part.</summary>
internal sealed record JsError(string Name, string Message, string Stack)
{
    /// <summary>An allocation failed, perhaps that of the error itself.</summary>
    private static readonly JsError OutOfMemory = new("InternalError", "out of memory", "");

    /// <summary>Whether QuickJS threw it because of its memory limit. A plugin can imitate it and deceives nobody but itself.</summary>
    public bool IsOutOfMemory => Name == OutOfMemory.Name && Message == OutOfMemory.Message;

    /// <summary>Takes what was thrown last.</summary>
    public static JsError Take(QuickJsVm vm)
    {
        var thrown = vm.TakeException();
        // What plugins throw themselves reaches the host described by the prelude, so null means that no error could be made.
        if (thrown.IsNull)
            return OutOfMemory;
        var error = Describe(vm, thrown);
        vm.Free(thrown);
        return error;
    }

    /// <summary>Describes a thrown value, borrowed; that runs the plugin's getters, within the turn's budget.</summary>
    public static JsError Describe(QuickJsVm vm, JsValue thrown) => Property(vm, thrown, "message") is { } message
        ? new JsError(Property(vm, thrown, "name") ?? "Error", message, Property(vm, thrown, "stack") ?? "")
        : new JsError("", vm.ToText(thrown, GuestBounds.FaultTextBytes), "");

    public override string ToString() => Name.Length == 0 ? Message : $"{Name}: {Message}";

    private static string? Property(QuickJsVm vm, JsValue thrown, string name)
    {
        var value = vm.GetProperty(thrown, name);
        if (value.IsException)
        {
            vm.Free(vm.TakeException());
            return null;
        }
        var text = value.IsUndefined ? null : vm.ToText(value, GuestBounds.FaultTextBytes);
        vm.Free(value);
        return text;
    }
}
