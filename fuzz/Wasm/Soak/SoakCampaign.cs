using System.Diagnostics;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Soak;

/// <summary>What a soak did and what it found.</summary>
/// <param name="Samples">One after the other; the first ones, while everything warms up, are not judged.</param>
/// <param name="Steps">Work done.</param>
/// <param name="Renewals">Workloads disposed and made anew.</param>
/// <param name="Problems">What is not flat, or failed.</param>
internal sealed record SoakReport(IReadOnlyList<SoakSample> Samples, long Steps, long Renewals, IReadOnlyList<string> Problems);

/// <summary>Eight instances at work on two guest threads for a while: what the process holds must not grow.</summary>
/// <param name="Duration">How long.</param>
internal sealed record SoakCampaign(TimeSpan Duration)
{
    private const int Samples = 60;
    private const int WarmUpSamples = 4;

    /// <summary>Steps of each workload before all are replaced, besides at each sample; the scripts are seven.</summary>
    private const int StepsPerLife = 14;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The workloads of the two threads: eight instances, of which two are linked with each other.</summary>
    private static readonly Func<Workload>[][] Workloads =
    [
        [() => new JavaScriptWorkload(), () => new JavaScriptWorkload(), () => new FixtureWorkload("memory", isMetered: true), () => new FreshModuleWorkload(isMetered: false)],
        [() => new JavaScriptWorkload(), () => new LinkedWorkload(), () => new FreshModuleWorkload(isMetered: true)],
    ];

    /// <summary>Runs the threads and takes samples; at each, they meet with every workload as new.</summary>
    public SoakReport Run(Action<string> tell)
    {
        using var meeting = new Barrier(Workloads.Length + 1);
        var threads = Workloads.Select(workloads => new SoakThread(workloads, meeting)).ToList();
        foreach (var thread in threads)
            thread.Start();

        var samples = new List<SoakSample>();
        var interval = Duration / Samples > ShortestInterval ? Duration / Samples : ShortestInterval;
        var started = Stopwatch.GetTimestamp();
        var isLast = false;
        while (!isLast)
        {
            Thread.Sleep(interval);
            isLast = Stopwatch.GetElapsedTime(started) >= Duration || threads.Exists(thread => thread.Failure is not null);
            foreach (var thread in threads)
                thread.Call(isLast);
            meeting.SignalAndWait();
            var sample = SoakSample.Take(Stopwatch.GetElapsedTime(started), samples.Count == 0 ? 0 : samples[0].Assemblies);
            samples.Add(sample);
            tell($"soak: {sample}");
            meeting.SignalAndWait();
        }
        foreach (var thread in threads)
            thread.Join();
        return new SoakReport(samples, threads.Sum(thread => thread.Steps), threads.Sum(thread => thread.Renewals), ProblemsOf(threads, samples));
    }

    private static IReadOnlyList<string> ProblemsOf(List<SoakThread> threads, List<SoakSample> samples)
    {
        var failures = threads.Where(thread => thread.Failure is not null).Select(thread => thread.Failure!.ToString()).ToList();
        return failures.Count > 0 ? failures : SoakVerdict.Of([.. samples.Skip(WarmUpSamples)]);
    }

    /// <summary>One guest thread and its workloads.</summary>
    private sealed class SoakThread
    {
        private readonly Func<Workload>[] _makers;
        private readonly Barrier _meeting;
        private readonly Thread _thread;
        private volatile bool _isCalled;
        private volatile bool _isLast;
        private volatile Exception? _failure;

        public SoakThread(Func<Workload>[] makers, Barrier meeting)
        {
            _makers = makers;
            _meeting = meeting;
            _thread = GuestThread.Create(Run, "soak");
        }

        public long Steps { get; private set; }

        public long Renewals { get; private set; }

        /// <summary>What went wrong.</summary>
        public Exception? Failure => _failure;

        public void Start() => _thread.Start();

        public void Join() => _thread.Join();

        /// <summary>Asks the thread to a meeting.</summary>
        public void Call(bool isLast)
        {
            _isLast = isLast;
            _isCalled = true;
        }

        private void Run()
        {
            var workloads = new Workload?[_makers.Length];
            while (true)
            {
                try
                {
                    while (!_isCalled && _failure is null)
                        Work(workloads);
                    Renew(workloads);
                }
                catch (Exception exception)
                {
                    // Becomes a problem of the report.
                    _failure ??= exception;
                }
                // A thread that failed still comes to the meetings, until the last.
                while (!_isCalled)
                    Thread.Sleep(1);
                var isLast = _isLast;
                _isCalled = false;
                _meeting.SignalAndWait();
                _meeting.SignalAndWait();
                if (isLast)
                    break;
            }
            // What failed is beyond orderly disposal.
            foreach (var workload in _failure is null ? workloads : [])
                workload!.Dispose();
        }

        private void Work(Workload?[] workloads)
        {
            if (Steps / workloads.Length % StepsPerLife == 0)
                Renew(workloads);
            foreach (var workload in workloads)
            {
                workload!.Step();
                Steps++;
            }
        }

        private void Renew(Workload?[] workloads)
        {
            for (var i = 0; i < workloads.Length && _failure is null; i++)
                Renew(workloads, i);
        }

        private void Renew(Workload?[] workloads, int index)
        {
            workloads[index]?.Dispose();
            workloads[index] = null;
            workloads[index] = _makers[index]();
            Renewals++;
        }
    }
}
