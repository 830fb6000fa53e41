using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Plugins.Runtime.Settings;

/// <summary>
/// What the user has set for plugins: one file a plugin, <c>ID.json</c>, that only this user may read, and the secrets in a
/// <see cref="SecretStore"/>. Thread safe; a change of another process is seen after <see cref="Reload"/>.
/// </summary>
/// <remarks>
/// A file is an object from name to value. What it holds is checked whenever it is read: a file or a value that cannot be
/// used never keeps a plugin from starting, it is told in <see cref="SettingValues.Problems"/>. Values of settings that a
/// version does not declare stay in the file, for the version before. Of two processes that change one plugin's settings at
/// the same moment one may win.
/// </remarks>
/// <param name="directory">Where the files are; made with the first one.</param>
/// <param name="secrets">Where the secrets are.</param>
/// <param name="limits">Bounds of a file.</param>
public sealed class PluginSettings(string directory, SecretStore secrets, RuntimeLimits limits)
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> None = ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, Stored> _stored = [];
    private ImmutableArray<Watching> _watching = [];

    /// <summary>Secret settings.</summary>
    public SecretStore Secrets => secrets;

    /// <summary>Tells of changes from now on, until disposed.</summary>
    /// <param name="changed">Told of a plugin and the names of its settings that are different; called on the thread that changed them, must return at once.</param>
    public IDisposable Watch(Action<PluginId, ImmutableArray<string>> changed)
    {
        var watching = new Watching(this, changed);
        lock (_gate) _watching = _watching.Add(watching);
        return watching;
    }

    /// <summary>The settings of a plugin as they are now.</summary>
    public SettingValues Of(PluginManifest manifest)
    {
        lock (_gate)
        {
            var stored = Read(manifest.Id);
            // Asked with every decision on a server that a setting names.
            if (stored.Seen is { } seen && ReferenceEquals(seen.Manifest, manifest)) return seen.Values;
            var values = SettingValues.Of(manifest, stored.Values, secrets.NamesOf(manifest.Id), stored.Damage);
            _stored[manifest.Id] = stored with { Seen = (manifest, values) };
            return values;
        }
    }

    /// <summary>Sets one setting.</summary>
    public Outcome<SettingValues> Set(PluginManifest manifest, string name, JsonElement value) =>
        Change(manifest, ImmutableDictionary<string, JsonElement?>.Empty.Add(name, value));

    /// <summary>Goes back to the default of a setting, or forgets a secret.</summary>
    public Outcome<SettingValues> Unset(PluginManifest manifest, string name) =>
        Change(manifest, ImmutableDictionary<string, JsonElement?>.Empty.Add(name, null));

    /// <summary>Changes several settings: all of them, or none when one is refused.</summary>
    /// <param name="manifest">Declares them.</param>
    /// <param name="changes">By name the value, or null to unset it.</param>
    public Outcome<SettingValues> Change(PluginManifest manifest, IReadOnlyDictionary<string, JsonElement?> changes)
    {
        var problems = Check(manifest, changes);
        if (!problems.IsEmpty) return problems;
        ImmutableArray<string> changed;
        lock (_gate)
        {
            if (Write(manifest, changes, out changed) is { } problem) return problem;
        }
        Tell(manifest.Id, changed);
        return Of(manifest);
    }

    /// <summary>Reads a plugin's settings again, because another process has changed them.</summary>
    public void Reload(PluginId plugin)
    {
        ImmutableArray<string> changed;
        lock (_gate)
        {
            var before = _stored.GetValueOrDefault(plugin)?.Values ?? None;
            _stored.Remove(plugin);
            var changedSecrets = secrets.Reload(plugin);
            changed = [.. Different(before, Read(plugin).Values), .. changedSecrets];
        }
        Tell(plugin, changed);
    }

    /// <summary>Forgets all settings and secrets of a plugin.</summary>
    /// <exception cref="IOException">They cannot be deleted.</exception>
    public void Delete(PluginId plugin)
    {
        lock (_gate)
        {
            UserFile.Delete(FileOf(plugin));
            secrets.RemoveAll(plugin);
            _stored.Remove(plugin);
        }
    }

    private void Tell(PluginId plugin, ImmutableArray<string> changed)
    {
        if (changed.IsEmpty) return;
        ImmutableArray<Watching> watching;
        lock (_gate) watching = _watching;
        foreach (var watch in watching) watch.Changed(plugin, changed);
    }

    private string FileOf(PluginId plugin) => Path.Combine(directory, $"{plugin}.json");

    private ImmutableArray<Problem> Check(PluginManifest manifest, IReadOnlyDictionary<string, JsonElement?> changes)
    {
        var settings = manifest.Settings;
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (name, value) in changes.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (settings.FirstOrDefault(s => s.Name == name) is not { } setting) problems.Add(Unknown(manifest, name));
            else if (value is { } given && setting.Check(given) is var wrong)
            {
                problems.AddRange(wrong);
                if (setting.IsSecret && wrong.IsEmpty && secrets.Check(name, given.GetString()!) is { } problem) problems.Add(problem);
            }
        }
        return problems.DrainToImmutable();
    }

    /// <summary>The problem of a name that no setting has.</summary>
    public static Problem Unknown(PluginManifest manifest, string name)
    {
        var names = manifest.Settings.Select(s => s.Name).ToArray();
        var hint = NearestName.Of(name, names) is { } near ? $"did you mean `{near}`?"
            : names.Length == 0 ? $"{manifest.Id} {manifest.Version} has no settings"
            : $"its settings are {string.Join(", ", names.Select(n => $"`{n}`"))}";
        return new Problem(name, $"is not a setting of {manifest.Id}", hint);
    }

    private Problem? Write(PluginManifest manifest, IReadOnlyDictionary<string, JsonElement?> changes, out ImmutableArray<string> changed)
    {
        changed = [];
        var id = manifest.Id;
        var secret = manifest.Settings.Where(s => s.IsSecret).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        // What another process has set meanwhile stays.
        _stored.Remove(id);
        var before = Read(id);
        var next = before.Values;
        foreach (var (name, value) in changes)
            if (!secret.Contains(name)) next = value is { } given ? next.SetItem(name, given.Clone()) : next.Remove(name);
        var different = Different(before.Values, next);
        try
        {
            // A damaged file is replaced only by what the user sets anew.
            if (!different.IsEmpty) UserFile.Write(FileOf(id), JsonSerializer.SerializeToUtf8Bytes(next, RuntimeJson.Default.ImmutableSortedDictionaryStringJsonElement));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Problem("", $"the settings cannot be written: {error.Message}");
        }
        _stored.Remove(id);
        foreach (var (name, value) in changes.Where(c => secret.Contains(c.Key)))
        {
            if ((value is { } given ? secrets.Set(id, name, given.GetString()!) : secrets.Remove(id, name)) is { } problem) return problem;
            changed = changed.Add(name);
        }
        changed = [.. different, .. changed];
        return null;
    }

    private Stored Read(PluginId plugin)
    {
        if (_stored.TryGetValue(plugin, out var known)) return known;
        return _stored[plugin] = ReadFile(FileOf(plugin));
    }

    private Stored ReadFile(string path)
    {
        try
        {
            if (UserFile.Read(path, limits.SettingsBytes) is not { } bytes) return new Stored(None, null);
            return StrictJson.Read(bytes, RuntimeJson.Default.ImmutableSortedDictionaryStringJsonElement, new JsonLimits(limits.SettingsBytes)).TryGet(out var values, out var problems)
                ? new Stored(None.AddRange(values), null)
                : new Stored(None, new Problem(path, $"is damaged, so defaults are used: {problems[0] with { Hint = null }}", "set what you need anew; that replaces the file"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Stored(None, new Problem(path, $"cannot be read, so defaults are used: {error.Message}"));
        }
    }

    private static ImmutableArray<string> Different(ImmutableSortedDictionary<string, JsonElement> before, ImmutableSortedDictionary<string, JsonElement> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(name => !before.TryGetValue(name, out var old) || !after.TryGetValue(name, out var now) || !JsonElement.DeepEquals(old, now)),
    ];

    private sealed class Watching(PluginSettings settings, Action<PluginId, ImmutableArray<string>> changed) : IDisposable
    {
        public Action<PluginId, ImmutableArray<string>> Changed => changed;

        public void Dispose()
        {
            lock (settings._gate) settings._watching = settings._watching.Remove(this);
        }
    }

    /// <param name="Values">What the file holds.</param>
    /// <param name="Damage">What is wrong with it.</param>
    private sealed record Stored(ImmutableSortedDictionary<string, JsonElement> Values, Problem? Damage)
    {
        /// <summary>The settings for the manifest that asked last.</summary>
        public (PluginManifest Manifest, SettingValues Values)? Seen { get; init; }
    }
}
