// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/nvml.h"

#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

/// NVIDIA's management library as TORCHDESK_FAKE_NVML describes it, read at each init and at each count of
/// the cards:
/// {"init": 0, "driver": "580.65.06", "cuda": 13000, "cards": [{"name": …, "uuid": …, "bus": 1, "compute":
/// 87, "memory_used": …, "memory_total": …, "milliwatts": …, "milliwatts_limit": …, "celsius": …,
/// "megahertz": …, "fan": …, "reasons": 4, "processes": [{"pid": 1, "memory": 5}], "graphics": [], "error":
/// 15}]} A figure that is left out is not supported; "error" is the answer to every question about the card.
/// A number below zero as memory of a process is "not available"; a negative figure -N is the error code N.
namespace {

using Json = nlohmann::json;
using namespace torchdesk::nvml;

Json& script()
{
    static Json value;
    return value;
}

void readScript()
{
    const char* text = std::getenv("TORCHDESK_FAKE_NVML");
    script() = Json::parse(text ? text : "{}", nullptr, false);
}

const Json* cardOf(Device device)
{
    const auto index = reinterpret_cast<std::size_t>(device) - 1;
    return &script().at("cards").at(index);
}

template <class T>
Result figure(Device device, const char* key, T* out)
{
    const Json& card = *cardOf(device);
    if (card.contains("error"))
        return card.at("error").get<int>();
    if (!card.contains(key))
        return notSupported;
    const auto value = card.at(key).get<std::int64_t>();
    if (value < 0)
        return static_cast<Result>(-value);
    *out = static_cast<T>(value);
    return success;
}

Result text(const Json& holder, const char* key, char* out, unsigned size)
{
    if (!holder.contains(key))
        return notSupported;
    const auto value = holder.at(key).get<std::string>();
    if (value.size() + 1 > size)
        return insufficientSize;
    std::memcpy(out, value.c_str(), value.size() + 1);
    return success;
}

Result cardText(Device device, const char* key, char* out, unsigned size)
{
    const Json& card = *cardOf(device);
    return card.contains("error") ? card.at("error").get<int>() : text(card, key, out, size);
}

Result processes(Device device, const char* key, unsigned* count, ProcessInfo* infos)
{
    const Json& card = *cardOf(device);
    if (card.contains("error"))
        return card.at("error").get<int>();
    if (!card.contains(key))
        return notSupported;
    const Json& list = card.at(key);
    const unsigned room = std::exchange(*count, static_cast<unsigned>(list.size()));
    if (room < list.size())
        return insufficientSize;
    for (const Json& entry : list) {
        const auto memory = entry.at("memory").get<std::int64_t>();
        *infos++ = ProcessInfo{entry.at("pid").get<std::uint32_t>(),
                               memory < 0 ? memoryNotAvailable : static_cast<std::uint64_t>(memory), 0, 0};
    }
    return success;
}

} // namespace

extern "C" {

Result nvmlInit_v2()
{
    readScript();
    return script().value("init", 0);
}

Result nvmlShutdown()
{
    return success;
}

Result nvmlSystemGetDriverVersion(char* out, unsigned size)
{
    return text(script(), "driver", out, size);
}

Result nvmlSystemGetCudaDriverVersion_v2(int* out)
{
    *out = script().value("cuda", 0);
    return script().contains("cuda") ? success : notSupported;
}

Result nvmlDeviceGetCount_v2(unsigned* out)
{
    readScript();
    *out = script().contains("cards") ? static_cast<unsigned>(script().at("cards").size()) : 0;
    return success;
}

Result nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* out)
{
    *out = reinterpret_cast<Device>(static_cast<std::size_t>(index) + 1);
    return cardOf(*out)->value("handle_error", 0);
}

Result nvmlDeviceGetName(Device device, char* out, unsigned size)
{
    return cardText(device, "name", out, size);
}

Result nvmlDeviceGetUUID(Device device, char* out, unsigned size)
{
    return cardText(device, "uuid", out, size);
}

Result nvmlDeviceGetPciInfo_v3(Device device, PciInfo* out)
{
    *out = {};
    return figure(device, "bus", &out->bus);
}

Result nvmlDeviceGetUtilizationRates(Device device, Utilization* out)
{
    return figure(device, "compute", &out->gpu);
}

Result nvmlDeviceGetMemoryInfo_v2(Device device, MemoryV2* out)
{
    if (out->version != memoryV2Version)
        return 25; // NVML_ERROR_ARGUMENT_VERSION_MISMATCH
    const Result result = figure(device, "memory_used", &out->used);
    return result == success ? figure(device, "memory_total", &out->total) : result;
}

Result nvmlDeviceGetPowerUsage(Device device, unsigned* out)
{
    return figure(device, "milliwatts", out);
}

Result nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned* out)
{
    return figure(device, "milliwatts_limit", out);
}

Result nvmlDeviceGetTemperature(Device device, int sensor, unsigned* out)
{
    return sensor == temperatureOfGpu ? figure(device, "celsius", out) : 2;
}

Result nvmlDeviceGetClockInfo(Device device, int clock, unsigned* out)
{
    return clock == clockOfMultiprocessors ? figure(device, "megahertz", out) : 2;
}

Result nvmlDeviceGetFanSpeed(Device device, unsigned* out)
{
    return figure(device, "fan", out);
}

Result nvmlDeviceGetCurrentClocksEventReasons(Device device, unsigned long long* out)
{
    return figure(device, "reasons", out);
}

Result nvmlDeviceGetComputeRunningProcesses_v3(Device device, unsigned* count, ProcessInfo* infos)
{
    return processes(device, "processes", count, infos);
}

Result nvmlDeviceGetGraphicsRunningProcesses_v3(Device device, unsigned* count, ProcessInfo* infos)
{
    return processes(device, "graphics", count, infos);
}
}
