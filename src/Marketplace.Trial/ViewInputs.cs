using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Marketplace.Trial;

/// <summary>What a user could do in a view: press each button, send each form, start each action of a table's first row.</summary>
internal static class ViewInputs
{
    public static IEnumerable<ViewInput> Of(ViewNode node) => node switch
    {
        ViewNode.Stack stack => stack.Children.SelectMany(Of),
        ViewNode.Columns columns => columns.Children.SelectMany(Of),
        ViewNode.Tabs tabs => tabs.Children.SelectMany(page => Of(page.Content)),
        ViewNode.Button { Id: { } id } => [new ViewInput { Node = id, Event = ViewEvent.Press }],
        ViewNode.Form { Id: { } id } form => [new ViewInput { Node = id, Event = ViewEvent.Submit, Values = SimulatedUser.Fill(form.Fields) }],
        ViewNode.Table { Id: { } id, Rows: [var row, ..] } table => OfTable(id, row.Id, table),
        ViewNode.Tree { Id: { } id, Nodes: [var item, ..] } => [new ViewInput { Node = id, Event = ViewEvent.Activate, Row = item.Id }],
        _ => [],
    };

    private static IEnumerable<ViewInput> OfTable(string id, string row, ViewNode.Table table)
    {
        if (table.HasSelectableRows) yield return new ViewInput { Node = id, Event = ViewEvent.Activate, Row = row };
        foreach (var action in table.RowActions) yield return new ViewInput { Node = id, Event = ViewEvent.RowAction, Row = row, Action = action.Id };
    }
}
