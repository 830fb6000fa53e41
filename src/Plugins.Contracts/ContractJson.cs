using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts;

/// <summary>Source-generated JSON of the vocabulary: camelCase, nulls left out, unknown keys refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 128)]
[JsonSerializable(typeof(PluginManifest))]
[JsonSerializable(typeof(ViewNode))]
[JsonSerializable(typeof(ActivatePayload))]
[JsonSerializable(typeof(DeactivatePayload))]
[JsonSerializable(typeof(DehydrateAnswer))]
[JsonSerializable(typeof(HydratePayload))]
[JsonSerializable(typeof(MigratePayload))]
[JsonSerializable(typeof(RenderPayload))]
[JsonSerializable(typeof(InputPayload))]
[JsonSerializable(typeof(ComputePayload))]
[JsonSerializable(typeof(ComputeAnswer))]
[JsonSerializable(typeof(ActionPayload))]
[JsonSerializable(typeof(CommandPayload))]
[JsonSerializable(typeof(EventPayload))]
[JsonSerializable(typeof(SettingsChangedPayload))]
[JsonSerializable(typeof(ServicePayload))]
[JsonSerializable(typeof(TimerPayload))]
[JsonSerializable(typeof(HookPayload))]
[JsonSerializable(typeof(HookAnswer))]
[JsonSerializable(typeof(LogLinesPayload))]
[JsonSerializable(typeof(LogLinesAnswer))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(LogWriteRequest))]
[JsonSerializable(typeof(EventsSubscribeRequest))]
[JsonSerializable(typeof(EventsUnsubscribeRequest))]
[JsonSerializable(typeof(EventsPublishRequest))]
[JsonSerializable(typeof(ConfigGetRequest))]
[JsonSerializable(typeof(ConfigGetAnswer))]
[JsonSerializable(typeof(ServicesCallRequest))]
[JsonSerializable(typeof(ServicesCallAnswer))]
[JsonSerializable(typeof(UiStatusRequest))]
[JsonSerializable(typeof(UiUpdateRequest))]
[JsonSerializable(typeof(UiNotifyRequest))]
[JsonSerializable(typeof(UiConfirmRequest))]
[JsonSerializable(typeof(UiConfirmAnswer))]
[JsonSerializable(typeof(UiPromptRequest))]
[JsonSerializable(typeof(UiPromptAnswer))]
[JsonSerializable(typeof(UiOpenRequest))]
[JsonSerializable(typeof(UiProgressRequest))]
[JsonSerializable(typeof(TimersSetRequest))]
[JsonSerializable(typeof(TimersClearRequest))]
[JsonSerializable(typeof(CryptoRandomRequest))]
[JsonSerializable(typeof(CryptoRandomAnswer))]
[JsonSerializable(typeof(CryptoHashRequest))]
[JsonSerializable(typeof(CryptoHashAnswer))]
[JsonSerializable(typeof(ClipboardWriteRequest))]
[JsonSerializable(typeof(AuditReadRequest))]
[JsonSerializable(typeof(AuditReadAnswer))]
[JsonSerializable(typeof(MetricsRecordRequest))]
[JsonSerializable(typeof(TraceSpanRequest))]
[JsonSerializable(typeof(HostInfoRequest))]
[JsonSerializable(typeof(HostInfoAnswer))]
[JsonSerializable(typeof(KubernetesListRequest))]
[JsonSerializable(typeof(KubernetesListAnswer))]
[JsonSerializable(typeof(KubernetesGetRequest))]
[JsonSerializable(typeof(KubernetesScaleRequest))]
[JsonSerializable(typeof(KubernetesDeleteRequest))]
[JsonSerializable(typeof(HostPolicy))]
[JsonSerializable(typeof(FileBytes))]
[JsonSerializable(typeof(FilesReadRequest))]
[JsonSerializable(typeof(FilesReadAnswer))]
[JsonSerializable(typeof(FilesWriteRequest))]
[JsonSerializable(typeof(FilesPathRequest))]
[JsonSerializable(typeof(FilesListAnswer))]
[JsonSerializable(typeof(ListedFile))]
[JsonSerializable(typeof(FilesRenameRequest))]
[JsonSerializable(typeof(StorageGetRequest))]
[JsonSerializable(typeof(StorageGetAnswer))]
[JsonSerializable(typeof(StorageSetRequest))]
[JsonSerializable(typeof(StorageSetAnswer))]
[JsonSerializable(typeof(StorageDeleteRequest))]
[JsonSerializable(typeof(StorageListRequest))]
[JsonSerializable(typeof(StorageListAnswer))]
[JsonSerializable(typeof(StorageBatchRequest))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
public sealed partial class ContractJson : JsonSerializerContext;
