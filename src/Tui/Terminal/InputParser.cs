using System.Buffers;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>What a terminal has answered to our questions.</summary>
[Flags]
internal enum TerminalAnswers
{
    None = 0,

    /// <summary>It has DEC mode 2026 and lets it be set.</summary>
    SynchronizedOutput = 1,

    /// <summary>It speaks the Kitty keyboard protocol.</summary>
    KittyKeyboard = 2,

    /// <summary>Its primary device attributes: every terminal answers this, and after whatever was asked before.</summary>
    DeviceAttributes = 4,
}

/// <summary>
/// Turns a terminal's bytes into events, however they are split over reads. What is not understood is swallowed whole:
/// no part of a sequence becomes a key. Hostile input costs bounded memory. It has no clock: when <see cref="Patience"/>
/// passes without a byte, call <see cref="Quiet"/>. For one thread.
/// </summary>
internal sealed class InputParser
{
    private readonly TerminalLimits _limits;
    private readonly Action<TerminalEvent> _emit;
    private readonly PasteReader _paste;
    private readonly byte[] _sequence;
    private readonly byte[] _utf8 = new byte[4];
    private State _state;
    private int _length;
    private bool _tooLong;
    private bool _alt;
    private byte _introducer;

    public InputParser(TerminalLimits limits, Action<TerminalEvent> emit)
    {
        _limits = limits;
        _emit = emit;
        _paste = new PasteReader(limits);
        _sequence = new byte[limits.SequenceBytes];
    }

    private enum State
    {
        Ground,
        Utf8,

        /// <summary>After ESC.</summary>
        Escape,

        /// <summary>After CSI: <c>ESC [</c>.</summary>
        Control,

        /// <summary>After SS3: <c>ESC O</c>.</summary>
        SingleShift,

        /// <summary>In an OSC, DCS, APC, PM or SOS string.</summary>
        String,
        StringEscape,

        /// <summary>After <c>ESC [ [</c>, the Linux console's function keys.</summary>
        LinuxFunction,

        /// <summary>In the three bytes of a mouse report from before SGR.</summary>
        OldMouse,
        Paste,

        /// <summary>After what looks like the end of a paste.</summary>
        PasteEnd,
    }

    /// <summary>What was answered so far.</summary>
    public TerminalAnswers Answers { get; private set; }

    /// <summary>How long to wait for the next byte before <see cref="Quiet"/>; null when it does not matter.</summary>
    public TimeSpan? Patience => _state switch
    {
        State.Escape => _limits.EscapeDelay,
        State.Control or State.SingleShift or State.String when _length == 0 => _limits.EscapeDelay,
        State.String or State.StringEscape or State.PasteEnd => _limits.QuietTime,
        _ => null,
    };

    /// <summary>Takes the next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            Take(value);
    }

    /// <summary>Nothing came for <see cref="Patience"/>: an ESC was the Escape key, an introducer a key with Alt, a paste is over.</summary>
    public void Quiet()
    {
        var state = _state;
        if (Patience is null)
            return;
        _state = State.Ground;
        switch (state)
        {
            case State.Escape:
                Escape();
                if (_alt) // ESC ESC
                    Escape();
                break;
            case State.Control or State.SingleShift or State.String when _length == 0:
                Emit(KeyPress.Of((char)_introducer, KeyModifiers.Alt));
                break;
            case State.PasteEnd:
                var typed = _paste.End(out var text);
                if (text.Length > 0)
                    _emit(new TerminalEvent.Pasted(text));
                _alt = false;
                Feed(typed);
                return;
            default:
                break;
        }
        _alt = false;
    }

    private void Take(byte value)
    {
        switch (_state)
        {
            case State.Ground: Ground(value); break;
            case State.Utf8: Continue(value); break;
            case State.Escape: AfterEscape(value); break;
            case State.Control: InControl(value); break;
            case State.SingleShift: InSingleShift(value); break;
            case State.String: InString(value); break;
            case State.StringEscape when value == '\\': Reset(); break;
            case State.StringEscape: Begin(State.Escape); AfterEscape(value); break;
            case State.LinuxFunction: Reset(); Emit(KeySequences.OfLinuxConsole(value)); break;
            case State.OldMouse: InOldMouse(value); break;
            case State.Paste when _paste.Take(value): _state = State.PasteEnd; break;
            case State.PasteEnd when !_paste.Take(value) && _paste.HasNext:
                Quiet(); // the next paste has begun
                break;
            default: break;
        }
    }

    private void Ground(byte value)
    {
        switch (value)
        {
            case 0x1b:
                Begin(State.Escape);
                return;
            case < 0x20 or 0x7f:
                Emit(KeySequences.OfControl(value));
                break;
            case < 0x80:
                Emit(new KeyPress(Key.Character, new Rune(value)));
                break;
            case >= 0xc2 and <= 0xf4:
                _utf8[0] = value;
                _length = 1;
                _state = State.Utf8;
                return;
            default: // no UTF-8
                break;
        }
        _alt = false;
    }

    private void Continue(byte value)
    {
        if ((value & 0xc0) != 0x80)
        {
            Reset();
            Ground(value);
            return;
        }
        _utf8[_length++] = value;
        var status = Rune.DecodeFromUtf8(_utf8.AsSpan(0, _length), out var rune, out _);
        if (status == OperationStatus.NeedMoreData)
            return;
        if (status == OperationStatus.Done && KeyPress.TryCharacter(rune, KeyModifiers.None, out var press))
            Emit(press);
        Reset();
    }

    private void AfterEscape(byte value)
    {
        if (value == 0x1b)
        {
            if (_alt)
                Escape();
            _alt = true; // ESC ESC [ A is alt-up for some terminals; else it is two presses of Escape
            return;
        }
        if (value is not ((byte)'[' or (byte)'O') && _alt)
            Escape();
        _introducer = value;
        switch ((char)value)
        {
            case '[': Open(State.Control); break;
            case 'O': Open(State.SingleShift); break;
            case ']' or 'P' or '_' or '^' or 'X': Open(State.String); break;
            default:
                _state = State.Ground;
                _alt = true;
                Ground(value);
                break;
        }

        void Open(State state)
        {
            _state = state;
            _length = 0;
            _tooLong = false;
        }
    }

    private void InControl(byte value)
    {
        switch (value)
        {
            case >= 0x20 and <= 0x3f:
                Keep(value);
                break;
            case (byte)'[' when _length == 0:
                _state = State.LinuxFunction;
                break;
            case (byte)'M' when _length == 0:
                (_state, _length) = (State.OldMouse, 0);
                break;
            case >= 0x40 and <= 0x7e:
                _state = State.Ground;
                if (!_tooLong)
                    Dispatch(new ControlSequence(_sequence.AsSpan(0, _length), (char)value));
                _alt = false;
                break;
            default:
                Break(value);
                break;
        }
    }

    private void InSingleShift(byte value)
    {
        if (value is >= (byte)'0' and <= (byte)'9' or (byte)';')
        {
            Keep(value);
            return;
        }
        if (value is < 0x20 or > 0x7e)
        {
            Break(value);
            return;
        }
        _state = State.Ground;
        if (!_tooLong)
            Emit(KeySequences.OfSingleShift(new ControlSequence(_sequence.AsSpan(0, _length), (char)value)));
        _alt = false;
    }

    private void InString(byte value)
    {
        switch (value)
        {
            case 0x07 or 0x18 or 0x1a: Reset(); break;
            case 0x1b: _state = State.StringEscape; break;
            default: _length = 1; break; // its content is nothing to us
        }
    }

    private void InOldMouse(byte value)
    {
        if (value == 0x1b)
            Begin(State.Escape);
        else if (++_length == 3)
            Reset();
    }

    private void Dispatch(ControlSequence sequence)
    {
        switch (sequence)
        {
            case { Prefix: '<', Final: 'M' or 'm' }:
                if (KeySequences.MouseOf(sequence) is { } mouse)
                    _emit(mouse);
                break;
            case { Prefix: '?' }:
                Answers |= AnswerOf(sequence);
                break;
            case { Prefix: not '\0' } or { HasIntermediates: true }:
                break;
            case { Final: '~' } when sequence[0] == 200:
                _paste.Begin();
                _state = State.Paste;
                break;
            case { Final: 'I' or 'O', IsBare: true }:
                _emit(new TerminalEvent.FocusChanged(sequence.Final == 'I'));
                break;
            default:
                Emit(KeySequences.OfControlSequence(sequence));
                break;
        }
    }

    private static TerminalAnswers AnswerOf(ControlSequence sequence) => sequence.Final switch
    {
        'y' when sequence[0] == 2026 && sequence[1] is 1 or 2 => TerminalAnswers.SynchronizedOutput,
        'u' => TerminalAnswers.KittyKeyboard,
        'c' => TerminalAnswers.DeviceAttributes,
        _ => TerminalAnswers.None,
    };

    private void Keep(byte value)
    {
        if (_length < _sequence.Length)
            _sequence[_length++] = value;
        else
            _tooLong = true;
    }

    /// <summary>A byte that no sequence may contain ends it; the sequence is lost, the byte is not.</summary>
    private void Break(byte value)
    {
        Reset();
        if (value is not (0x18 or 0x1a))
            Ground(value);
    }

    private void Begin(State state)
    {
        Reset();
        _state = state;
    }

    private void Reset()
    {
        _state = State.Ground;
        _length = 0;
        _alt = false;
    }

    private void Escape() => _emit(new TerminalEvent.KeyPressed(new KeyPress(Key.Escape)));

    private void Emit(KeyPress? press)
    {
        if (press is { } known)
            _emit(new TerminalEvent.KeyPressed(_alt ? known with { Modifiers = known.Modifiers | KeyModifiers.Alt } : known));
    }
}
