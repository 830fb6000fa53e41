using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>What instances have in progress, so that none of it outlives them. Thread safe.</summary>
/// <param name="max">Items an instance may have.</param>
internal sealed class ProgressItems(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginInstance, Dictionary<string, string>> _shown = [];

    /// <summary>Shows an item, or that it has ended; why not, if not.</summary>
    public CallError? Show(PluginInstance instance, string name, IUserPrompts prompts, UiProgressRequest request)
    {
        var isFirst = false;
        lock (_gate)
        {
            if (!_shown.TryGetValue(instance, out var items))
            {
                _shown.Add(instance, items = new(StringComparer.Ordinal));
                isFirst = true;
            }
            if (request.Done) items.Remove(request.Id);
            else if (items.Count >= max && !items.ContainsKey(request.Id)) return new CallError(ErrorCode.QuotaExceeded, $"{max} things are in progress already");
            else items[request.Id] = request.Text;
            // Under the gate, so that nothing is shown after the end of its instance.
            prompts.Progress(instance.Principal.Id, name, request.Id, request.Text, request.Value, request.Done);
        }
        // At once when it has ended already.
        if (isFirst) instance.Ended.UnsafeRegister(_ => EndAll(instance, name, prompts), null);
        return null;
    }

    private void EndAll(PluginInstance instance, string name, IUserPrompts prompts)
    {
        lock (_gate)
        {
            if (!_shown.Remove(instance, out var items)) return;
            foreach (var (id, text) in items) prompts.Progress(instance.Principal.Id, name, id, text, null, done: true);
        }
    }
}
