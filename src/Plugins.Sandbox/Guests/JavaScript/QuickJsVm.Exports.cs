using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

internal sealed partial class QuickJsVm
{
    /// <summary>The module's functions that the host uses. <c>JS_*</c> are QuickJS's own and take the context first; <c>qjs_*</c> work on the one runtime and on boxed values.</summary>
    private sealed class Exports(WasmInstance instance)
    {
        public readonly Action Initialize = instance.GetFunction<Action>("_initialize");
        public readonly Func<int, int> Init2 = instance.GetFunction<Func<int, int>>("qjs_init2");
        public readonly Func<int> GetContext = instance.GetFunction<Func<int>>("qjs_get_context_ptr");
        public readonly Action<int> SetMaxStackSize = instance.GetFunction<Action<int>>("qjs_set_max_stack_size");
        public readonly Action<int> SetMemoryLimit = instance.GetFunction<Action<int>>("qjs_set_memory_limit");
        public readonly Action<int> SetInterruptHandler = instance.GetFunction<Action<int>>("qjs_set_interrupt_handler");
        public readonly Action<int> SetRejectionHandler = instance.GetFunction<Action<int>>("qjs_set_promise_rejection_handler");
        public readonly Action<int> SetModuleLoader = instance.GetFunction<Action<int>>("qjs_set_module_loader");
        public readonly Func<int> IsJobPending = instance.GetFunction<Func<int>>("qjs_is_job_pending");
        public readonly Func<int> ExecuteJob = instance.GetFunction<Func<int>>("qjs_execute_pending_job");
        public readonly Func<int, int, int, int, int, int, int> Compile = instance.GetFunction<Func<int, int, int, int, int, int, int>>("qjs_compile");
        public readonly Func<int, int, int> EvaluateBytecode = instance.GetFunction<Func<int, int, int>>("qjs_eval_bytecode");
        public readonly Func<int, int, int, int> NewHostFunction = instance.GetFunction<Func<int, int, int, int>>("qjs_new_host_function");
        public readonly Func<int, int> Allocate = instance.GetFunction<Func<int, int>>("wasm_malloc");
        public readonly Action<int> Free = instance.GetFunction<Action<int>>("wasm_free");
        public readonly Action<int, long> FreeValue = instance.GetFunction<Action<int, long>>("JS_FreeValue");
        public readonly Func<int, long> GetException = instance.GetFunction<Func<int, long>>("JS_GetException");
        public readonly Func<int, long> NewError = instance.GetFunction<Func<int, long>>("JS_NewError");
        public readonly Func<int, long, long> Throw = instance.GetFunction<Func<int, long, long>>("JS_Throw");
        public readonly Func<int, long, int, long, int> SetProperty = instance.GetFunction<Func<int, long, int, long, int>>("JS_SetPropertyStr");
        public readonly Func<int, long, int, long> GetProperty = instance.GetFunction<Func<int, long, int, long>>("JS_GetPropertyStr");
        public readonly Func<int, long, long, int, int, long> Call = instance.GetFunction<Func<int, long, long, int, int, long>>("JS_Call");
        public readonly Func<int, int, int, int, long> ParseJson = instance.GetFunction<Func<int, int, int, int, long>>("JS_ParseJSON");
        public readonly Func<int, int, int, long> NewString = instance.GetFunction<Func<int, int, int, long>>("JS_NewStringLen");
        public readonly Func<int, int, int, long> NewUint8Array = instance.GetFunction<Func<int, int, int, long>>("JS_NewUint8ArrayCopy");
        public readonly Func<int, int, long, int> GetUint8Array = instance.GetFunction<Func<int, int, long, int>>("JS_GetUint8Array");
        public readonly Func<int, int, long, int, int> ToUtf8 = instance.GetFunction<Func<int, int, long, int, int>>("JS_ToCStringLen2");
        public readonly Action<int, int> FreeUtf8 = instance.GetFunction<Action<int, int>>("JS_FreeCString");
        public readonly Func<int, long, int> PromiseState = instance.GetFunction<Func<int, long, int>>("JS_PromiseState");
        public readonly Func<int, long, long> PromiseResult = instance.GetFunction<Func<int, long, long>>("JS_PromiseResult");
    }
}
