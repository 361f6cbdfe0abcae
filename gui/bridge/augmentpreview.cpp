// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/augmentpreview.h"

#include "core/data/augment/augmenter.h"

namespace torchdesk {

namespace {

constexpr auto previewKey = "preview";

} // namespace

AugmentPreview::AugmentPreview(QObject* parent) : QObject(parent) {}

void AugmentPreview::request(const PreviewRequest& request)
{
    m_worker.run(
        previewKey,
        [request](std::stop_token) {
            return augmentedBytes(request.augmentation, request.preprocessing, request.seed, request.epoch,
                                  request.samples->samples(), request.indices);
        },
        [this](const std::vector<std::uint8_t>& samples) { Q_EMIT ready(samples); });
}

void AugmentPreview::cancel()
{
    m_worker.cancel(previewKey);
}

} // namespace torchdesk
