namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>
/// A QuickJS value, NaN-boxed: a tag in the upper 32 bits, an integer or an address in the lower. Whoever is handed one
/// owns a reference to it unless said otherwise, and gives it up with <see cref="QuickJsVm.Free"/>.
/// </summary>
internal readonly record struct JsValue(long Bits)
{
    private const int IntegerTag = 0;
    private const int BooleanTag = 1;
    private const int NullTag = 2;
    private const int UndefinedTag = 3;
    private const int ExceptionTag = 6;

    public static JsValue Undefined { get; } = Of(UndefinedTag, 0);

    public static JsValue Exception { get; } = Of(ExceptionTag, 0);

    public static JsValue True { get; } = Of(BooleanTag, 1);

    public static JsValue False { get; } = Of(BooleanTag, 0);

    public bool IsNull => Tag == NullTag;

    public bool IsUndefined => Tag == UndefinedTag;

    /// <summary>The marker of a thrown exception, which is the context's to give (<see cref="QuickJsVm.TakeException"/>).</summary>
    public bool IsException => Tag == ExceptionTag;

    /// <summary>The value as a 32-bit integer; 0 when it is none.</summary>
    public int Integer => Tag == IntegerTag ? (int)Bits : 0;

    /// <summary>Whether it is a boolean or integer that JavaScript takes for true.</summary>
    public bool IsTrue => Tag is BooleanTag or IntegerTag && (int)Bits != 0;

    /// <summary>Identity of an object.</summary>
    public int Address => (int)Bits;

    private int Tag => (int)(Bits >> 32);

    public static JsValue FromInteger(int value) => Of(IntegerTag, value);

    private static JsValue Of(int tag, int payload) => new(((long)tag << 32) | (uint)payload);
}
