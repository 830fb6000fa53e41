using System.Runtime.InteropServices;

namespace LazyOC.Marketplace.Trial.Confinement;

/// <summary>
/// A filter of system calls (seccomp): sockets of this machine only, threads but no processes, no signals to others, nothing that
/// looks into another process, makes a namespace or a mount, or has the kernel do any of it unseen. It outlives
/// <c>execve</c>, and nothing takes it off again.
/// </summary>
/// <remarks>See https://docs.kernel.org/userspace-api/seccomp_filter.html for the data that it sees.</remarks>
internal static class CallFilter
{
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfBits = 0x45, Return = 0x06;
    private const uint Allow = 0x7fff_0000, Refuse = 0x0005_0000, KillProcess = 0x8000_0000;
    private const uint NotPermitted = 1, NotImplemented = 38, NoSuchFamily = 97;
    private const uint NumberOffset = 0, ArchitectureOffset = 4, FirstArgumentOffset = 16;
    private const uint UnixFamily = 1, Thread = 0x0001_0000, OtherAbi = 0x4000_0000;

    /// <summary>Puts it on this thread, from which it goes on to the program that is executed next; false when the kernel or the processor has none.</summary>
    public static unsafe bool Install()
    {
        if (Numbers.OfThisProcessor() is not { } numbers) return false;
        var instructions = Program(numbers, (uint)Environment.ProcessId).ToArray();
        fixed (Instruction* first = instructions)
        {
            var program = new FilterProgram { Length = (ushort)instructions.Length, Instructions = (nint)first };
            return LinuxCalls.Control(LinuxCalls.SetFilter, LinuxCalls.FilterMode, (nuint)(&program), 0, 0) == 0;
        }
    }

    private static IEnumerable<Instruction> Program(Numbers numbers, uint process)
    {
        yield return new(Load, 0, 0, ArchitectureOffset);
        yield return new(JumpIfEqual, 1, 0, numbers.Architecture);
        yield return new(Return, 0, 0, KillProcess);
        yield return new(Load, 0, 0, NumberOffset);
        // The same calls by other numbers.
        yield return new(JumpIfAtLeast, 0, 1, OtherAbi);
        yield return new(Return, 0, 0, KillProcess);
        foreach (var number in numbers.Refused)
        {
            yield return new(JumpIfEqual, 0, 1, number);
            yield return new(Return, 0, 0, Refuse | NotPermitted);
        }
        // Its flags are out of sight; the C library makes threads with `clone` then.
        yield return new(JumpIfEqual, 0, 1, numbers.NewTask3);
        yield return new(Return, 0, 0, Refuse | NotImplemented);
        foreach (var instruction in OnlyIf(numbers.NewTask, JumpIfBits, Thread, NotPermitted)) yield return instruction;
        foreach (var instruction in OnlyIf(numbers.Socket, JumpIfEqual, UnixFamily, NoSuchFamily)) yield return instruction;
        foreach (var number in numbers.Signals)
            foreach (var instruction in OnlyIf(number, JumpIfEqual, process, NotPermitted)) yield return instruction;
        yield return new(Return, 0, 0, Allow);
    }

    /// <summary>A call that is allowed if its first argument is as it should be.</summary>
    private static Instruction[] OnlyIf(uint number, ushort test, uint argument, uint error) =>
    [
        new(JumpIfEqual, 0, 4, number),
        new(Load, 0, 0, FirstArgumentOffset),
        new(test, 1, 0, argument),
        new(Return, 0, 0, Refuse | error),
        new(Return, 0, 0, Allow),
    ];

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Instructions;
    }

    /// <summary>The numbers of system calls, which differ from one processor to another.</summary>
    private sealed record Numbers(uint Architecture, uint NewTask, uint NewTask3, uint Socket, uint[] Signals, uint[] Refused)
    {
        // Signals: kill, tgkill (with which the runtime signals its own threads), rt_sigqueueinfo, rt_tgsigqueueinfo.
        // Refused: fork, vfork, setsid, setpgid, ptrace, process_vm_readv, process_vm_writev, pidfd_send_signal, pidfd_open,
        // pidfd_getfd, unshare, setns, mount, umount2, pivot_root, chroot, open_tree, move_mount, fsopen, bpf, perf_event_open,
        // add_key, request_key, keyctl, userfaultfd, io_uring_setup, open_by_handle_at, tkill.
        private static readonly Numbers X64 = new(
            0xc000_003e, 56, 435, 41, [62, 234, 129, 297],
            [57, 58, 112, 109, 101, 310, 311, 424, 434, 438, 272, 308, 165, 166, 155, 161, 428, 429, 430, 321, 298, 248, 249, 250, 323, 425, 304, 200]);

        private static readonly Numbers Arm64 = new(
            0xc000_00b7, 220, 435, 198, [129, 131, 138, 240],
            [157, 154, 117, 270, 271, 424, 434, 438, 97, 268, 40, 39, 41, 51, 428, 429, 430, 280, 241, 217, 218, 219, 282, 425, 265, 130]);

        public static Numbers? OfThisProcessor() => RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => X64,
            System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
            _ => null,
        };
    }
}
