using System.Collections.Immutable;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// A node of a view laid out at one width. Its height is known without drawing it, and drawing it costs what its visible
/// rows cost.
/// </summary>
internal abstract class Block
{
    /// <summary>Rows it takes. May change when the user operates it, which <see cref="PaneState.Version"/> tells.</summary>
    public abstract int Height { get; }

    /// <summary>Whether there is anything inside that the user operates.</summary>
    public virtual bool IsOperable => false;

    /// <summary>Draws the visible rows of the block, which begins at the top left of the canvas.</summary>
    public abstract void Draw(Canvas canvas, DrawPass pass);

    /// <summary>Tells where the operable blocks inside are, in the order in which the focus goes through them.</summary>
    public virtual void Place(Rect area, List<PlacedBlock> places) { }
}

/// <summary>A block that the user operates by keyboard and mouse. What the user did is kept in its <see cref="PaneState"/>.</summary>
internal abstract class OperableBlock(string key) : Block
{
    /// <summary>Names the node from one content to the next: its id, or its place in the tree.</summary>
    public string NodeKey => key;

    public override bool IsOperable => true;

    /// <summary>Whether the keyboard can be given to it.</summary>
    public virtual bool TakesFocus => true;

    /// <summary>Whether keys that type belong to it now.</summary>
    public virtual bool TakesTyping => false;

    /// <summary>The rows to keep in sight while it has the focus: from the first to before the last.</summary>
    public abstract (int First, int End) FocusRows { get; }

    /// <summary>Its keys now, shown while it has the focus.</summary>
    public abstract ImmutableArray<KeyHint> Hints { get; }

    /// <summary>The focus comes from above or below; of the block's rows those from <paramref name="first"/> to before <paramref name="end"/> are in sight.</summary>
    public virtual void Enter(bool fromBelow, int first, int end) { }

    /// <summary>Takes a key press, its movement keys as arrows, or a paste.</summary>
    public abstract ViewStep Handle(TerminalEvent input);

    /// <summary>Moves the selection by several rows at once; false when there is none to move.</summary>
    public virtual bool Page(int rows) => false;

    /// <summary>Takes a press of the mouse on the block, in its own coordinates.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="hadFocus">Whether the block had the focus before the press.</param>
    public abstract ViewStep Click(int x, int y, bool hadFocus);

    public override void Place(Rect area, List<PlacedBlock> places) => places.Add(new PlacedBlock(this, area));
}

/// <summary>Where an operable block is in the whole view.</summary>
internal readonly record struct PlacedBlock(OperableBlock Block, Rect Area);

/// <summary>What drawing needs besides the blocks, and what it finds out.</summary>
/// <param name="now">The moment that ages and spinners show.</param>
/// <param name="focused">The block with the focus; null when none has it.</param>
/// <param name="hasKeyboard">Whether the view has the keyboard; without it a selection is only marked.</param>
internal sealed class DrawPass(DateTimeOffset now, OperableBlock? focused = null, bool hasKeyboard = false)
{
    public DateTimeOffset Now => now;

    /// <summary>When the view looks different although nothing happened; null when it stays as it is.</summary>
    public TimeSpan? RedrawAfter { get; private set; }

    /// <summary>Blocks drawn: what the pass cost.</summary>
    public int Blocks { get; private set; }

    /// <summary>Whether the focus is on a block, though the view may not have the keyboard.</summary>
    public bool IsChosen(OperableBlock block) => ReferenceEquals(block, focused);

    /// <summary>Whether the keyboard belongs to a block.</summary>
    public bool IsFocused(OperableBlock block) => hasKeyboard && IsChosen(block);

    public void Draw(Block block, Canvas canvas)
    {
        Blocks++;
        block.Draw(canvas, this);
    }

    /// <summary>Something drawn changes with the clock.</summary>
    public void ChangesWithin(TimeSpan time) => RedrawAfter = RedrawAfter is { } earlier && earlier < time ? earlier : time;
}
