using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen.Touring;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <content>The tour of the screen.</content>
public sealed partial class LiveScreen
{
    private const string TourCommand = "tour";

    private Tour? _tour;

    /// <summary>The key that begins the tour and goes on with it.</summary>
    private string TourKey => _commands.FirstOrDefault(command => command.Id == TourCommand)?.Keys is [var key, ..] ? key : OwnKeys.Of(TourCommand)[0];

    private TourSight Sight => new(_workbench.Focus)
    {
        Selected = _workbench.List?.Current?.Uid,
        Tab = _workbench.Details?.CurrentTitle,
        IsFiltering = _filtering is not null,
        IsPage = _workbench.Page is not null,
        IsPalette = _dialogs.Top is CommandPalette,
        IsPlugins = _pluginsPage is not null,
    };

    /// <summary>Begins the tour, or leaves a step for the next one.</summary>
    private void GoOnTour() => _tour = _tour is { } tour ? tour.Next(Sight) : Tour.Begin(Sight);

    private void FollowTour() => _tour = _tour?.Follow(Sight);

    private void DrawTour(Canvas canvas)
    {
        // A question has the screen, and comes first.
        if (_tour is { } tour && _dialogs.Top is null) TourCard.Draw(canvas, tour, TourKey, _workbench.LayoutAt(_size));
    }

    /// <summary>Escape leaves the tour before anything of the screen; on the plugins page, which has keys of its own, its key works too.</summary>
    private bool HandleTour(TerminalEvent input)
    {
        if (_tour is null || input is not TerminalEvent.KeyPressed { Press: var press }) return false;
        if (press.Key == Key.Escape && _chord.Length == 0)
        {
            _tour = null;
            return true;
        }
        if (_pluginsPage is null || press.ToString() != TourKey) return false;
        GoOnTour();
        return true;
    }

    /// <summary>Says once that there is a tour.</summary>
    private void OfferTour()
    {
        if (!_options.OffersTour || _options.Saved?.Read().TourOffered is true) return;
        _dialogs.Notify(new Notice($"`{TourKey}` shows you around, in eight short steps") { Id = TourCommand });
    }
}
