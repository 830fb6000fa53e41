using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.EndToEnd.Tests;
using Microsoft.Playwright;

namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>Somebody with a browser of his own, and what his browser noticed.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>How long anything is waited for, so that a machine that is busy fails no test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Every rule of axe, those that it leaves out by default for being new included; only what it calls experimental is not asked.</summary>
    private const string AskAxe = """
        async () => {
          const { violations } = await axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
          return violations.map(({ id, help, nodes }) => `${id}: ${help}\n` + nodes.map((node) => `  ${node.target}: ${node.html}\n  ${node.failureSummary}`).join("\n"));
        }
        """;

    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(LazyOc.RepositoryRoot, "node_modules", "axe-core", "axe.min.js")));

    private readonly IBrowserContext _context;
    private readonly Uri _site;
    private readonly ConcurrentQueue<IRequest> _requests = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private Visitor(IBrowserContext context, IPage page, Uri site)
    {
        (_context, _site, Page) = (context, site, page);
        page.RequestFinished += (_, request) => _requests.Enqueue(request);
        page.RequestFailed += (_, request) => _errors.Enqueue($"{request.Url}: {request.Failure}");
        page.Request += (_, request) =>
        {
            // What a page carries in itself is asked of nobody.
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && !_site.IsBaseOf(new Uri(request.Url))) _errors.Enqueue($"asks another site: {request.Url}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") _errors.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => _errors.Enqueue($"page: {error}");
    }

    public IPage Page { get; }

    /// <summary>What went wrong so far: requests to other sites, errors of the console, requests that failed.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public static async Task<Visitor> OpenAsync(IBrowserContext context, Uri site)
    {
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var page = await context.NewPageAsync();
        return new Visitor(context, page, site);
    }

    /// <summary>Loads a page; its status.</summary>
    public async Task<int> GoAsync(string address) => (await Page.GotoAsync(new Uri(_site, address).AbsoluteUri, new() { WaitUntil = WaitUntilState.Load }))!.Status;

    /// <summary>The cookies, for another profile.</summary>
    public Task<string> SessionAsync() => _context.StorageStateAsync();

    /// <summary>Bytes that came over the wire since the browser was opened, headers included.</summary>
    public async Task<long> TransferredAsync()
    {
        var sum = 0L;
        foreach (var request in _requests)
        {
            var sizes = await request.SizesAsync();
            sum += sizes.ResponseHeadersSize + sizes.ResponseBodySize;
        }
        return sum;
    }

    /// <summary>What axe finds against the page.</summary>
    public async Task<string[]> ViolationsAsync()
    {
        await Page.EvaluateAsync(Axe.Value);
        return (await Page.EvaluateAsync<string[]>(AskAxe))!;
    }

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>The text that the page shows.</summary>
    public Task<string> TextAsync() => Page.Locator("body").InnerTextAsync();

    /// <summary>Presses the tabulator until a field or button has the focus, as somebody without a mouse does.</summary>
    public async Task TabToAsync(ILocator wanted)
    {
        const int MaxPresses = 200;
        for (var i = 0; i < MaxPresses; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement")) return;
        }
        Assert.Fail($"{MaxPresses} times Tab did not lead to {wanted}");
    }

    /// <summary>Types into the field with a label, which is reached by keys.</summary>
    public async Task TypeAsync(string label, string text)
    {
        await TabToAsync(Page.GetByLabel(label, new() { Exact = true }));
        await Page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes to a button by keys and presses it; waits for the page that follows.</summary>
    public async Task PressAsync(ILocator button)
    {
        await TabToAsync(button);
        await FollowAsync(() => Page.Keyboard.PressAsync("Enter"));
    }

    public Task PressAsync(string button) => PressAsync(Button(button));

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Does what leads to another page, and waits for that to be there.</summary>
    public async Task FollowAsync(Func<Task> act)
    {
        var answered = Page.WaitForResponseAsync(response => response.Request.IsNavigationRequest && response.Status is < 300 or >= 400);
        // Until the answer takes its place, the page before is one that is loaded.
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Page.FrameNavigated += Shown;
        try
        {
            await act();
            await answered;
            await shown.Task.WaitAsync(Patience);
        }
        finally
        {
            Page.FrameNavigated -= Shown;
        }
        await Page.WaitForLoadStateAsync(LoadState.Load);

        void Shown(object? sender, IFrame frame) => shown.TrySetResult();
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    /// <summary>The position, outline and name of what has the focus; null when nothing but the page has it.</summary>
    public async Task<Focus?> FocusAsync()
    {
        var found = await Page.EvaluateAsync<JsonElement?>("""
            () => {
              const element = document.activeElement;
              if (!element || element === document.body) return null;
              const box = element.getBoundingClientRect(), style = getComputedStyle(element);
              return {
                name: `${element.tagName.toLowerCase()} ${element.id || element.getAttribute("href") || element.name || element.textContent.trim().slice(0, 40)}`,
                order: [...document.querySelectorAll("*")].indexOf(element),
                outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
                isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
              };
            }
            """);
        return found is { ValueKind: JsonValueKind.Object } focus
            ? new Focus(focus.GetProperty("name").GetString()!, focus.GetProperty("order").GetInt32(), focus.GetProperty("outline").GetDouble(), focus.GetProperty("isSeen").GetBoolean())
            : null;
    }
}

/// <summary>What has the keyboard's focus.</summary>
/// <param name="Name">For people.</param>
/// <param name="Order">Its place in the text.</param>
/// <param name="Outline">Width of the ring around it.</param>
/// <param name="IsSeen">Whether it is in the window.</param>
internal sealed record Focus(string Name, int Order, double Outline, bool IsSeen);
