using LazyOC.Cluster.Watch;
using LazyOC.Tui.Details;

namespace LazyOC.Tui.Screen;

/// <content>The details follow the selection.</content>
internal sealed partial class Workbench
{
    /// <summary>
    /// Opens the details of the selected object once the selection rests. While the details have the keyboard they stay with
    /// their object, though it be deleted.
    /// </summary>
    private void AdvanceDetails(ScreenLayout layout, Due due)
    {
        if (List is not { IsSynced: true } list || Missing is not null || layout.Details.IsEmpty)
            return;
        var row = Focus == FocusedPanel.Details && Details is { } open ? Find(list, open) : list.Current;
        if (Details is { } details && (row is null || row.Uid == details.Row.Uid))
        {
            if (row is not null || Focus == FocusedPanel.Details)
                details.Update(row);
            else
                CloseDetails();
        }
        else if (row is not null && HasRested(row, due))
        {
            _tab = Details?.CurrentTitle ?? _tab;
            CloseDetails();
            var tabs = DetailsSource.TitlesFor(_session, list.Kind);
            Details = new DetailsSource(_session, list.Kind, row, _changed, _dialogs, Math.Max(0, tabs.FindIndex(t => t.Equals(_tab, StringComparison.OrdinalIgnoreCase))));
        }
        Details?.Advance(layout.DetailsContent);
        if (Details?.RedrawAfter is { } wait)
            due.In(wait);
    }

    private static ResourceRow? Find(ListPane list, DetailsSource details) =>
        list.Current is { } current && current.Uid == details.Row.Uid ? current : list.Rows.FirstOrDefault(row => row.Uid == details.Row.Uid);

    private void CloseDetails()
    {
        Details?.Dispose();
        Details = null;
    }

    private bool HasRested(ResourceRow row, Due due)
    {
        if (_settles || Details is null)
            return true;
        if (_resting != row.Uid)
            (_resting, _restingSince) = (row.Uid, TimeProvider.System.GetTimestamp());
        var rest = TuiLimits.Default.DetailsDelay - TimeProvider.System.GetElapsedTime(_restingSince);
        if (rest <= TimeSpan.Zero)
            return true;
        due.In(rest);
        return false;
    }
}
