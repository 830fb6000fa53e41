using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Overlays;

public sealed class OverlayGoldenTests
{
    public static TheoryData<int, int> Sizes => new() { { 40, 12 }, { 80, 24 }, { 120, 40 }, { 200, 60 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Palette_Opened(int width, int height) =>
        Verify(CommandPalette.Of(SampleOverlays.Items, ["scale", "logs"]), "palette", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Palette_Typed(int width, int height) =>
        Verify(SampleOverlays.After(CommandPalette.Of(SampleOverlays.Items), width, height, "de", "down"), "palette-typed", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Picker_WithItems(int width, int height) => Verify(SampleOverlays.Namespaces, "picker", width, height);

    [Fact]
    public void Picker_Loading() => Verify(new Picker("Contexts", new PickerContent.Loading()), "picker-loading", 80, 24);

    [Fact]
    public void Picker_Failed() =>
        Verify(new Picker("Projects", new PickerContent.Failed("you may not list projects (403)", "type the project's name after `:ns`, or ask for the role `view`")), "picker-failed", 80, 24);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Confirmation_OneObject(int width, int height) => Verify(SampleOverlays.DeletePod, "confirm-pod", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Confirmation_ManyObjects(int width, int height) =>
        Verify(SampleOverlays.After(SampleOverlays.DeletePods, width, height, "4"), "confirm-pods", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Confirmation_OfPlugin(int width, int height) => Verify(SampleOverlays.PluginAction, "confirm-plugin", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Hook_Refused(int width, int height) => Verify(SampleOverlays.Refused, "hook-refused", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Hook_Patched(int width, int height) => Verify(SampleOverlays.Patched, "hook-patched", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Prompt_Scale(int width, int height) => Verify(SampleOverlays.Scale, "prompt-scale", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Prompt_OfPlugin(int width, int height) =>
        Verify(SampleOverlays.After(SampleOverlays.PluginPrompt, width, height, "tab", "the checkout is down", "tab"), "prompt-plugin", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Message_Failure(int width, int height) => Verify(SampleOverlays.Failure, "message", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Help_OfTheList(int width, int height) => Verify(SampleOverlays.Keys, "help", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Consent_Install(int width, int height) => Verify(SampleOverlays.Install, "consent-install", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Consent_Update(int width, int height) => Verify(SampleOverlays.Update, "consent-update", width, height);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Notices_Shown(int width, int height)
    {
        var frame = ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(width, height));
        NoticesDrawing.Draw(new Canvas(frame), SampleOverlays.Notices);
        Golden.Verify(frame, $"notices-{width}x{height}");
    }

    private static void Verify(Overlay overlay, string name, int width, int height) =>
        Golden.Verify(SampleOverlays.Frame(overlay, width, height), $"overlay-{name}-{width}x{height}");
}
