// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/bridge/augmentpreview.h"

#include "core/data/augment/augmenter.h"

namespace torchdesk {

namespace {

constexpr auto previewKey = "preview";

bool changes(const Augmentation& augmentation)
{
    return augmentation.changesPictures() || augmentation.mixes();
}

/// The set's figures for normalising, which may not be known yet, or be for another number of channels.
Preprocessing normalisedLike(const Preprocessing& known, Preprocessing made)
{
    if (static_cast<std::int64_t>(known.mean.size()) == made.shape.at(0)) {
        made.mean = known.mean;
        made.deviation = known.deviation;
    }
    return made;
}

// What is drawn for a picture follows from its place in the training part.
std::vector<std::uint8_t> variedExamples(const PreviewRequest& request, const FolderExamples& found)
{
    const Preprocessing preprocessing = normalisedLike(request.preprocessing, found.preprocessing);
    std::vector<std::int64_t> places;
    for (const FolderExamples::Example& example : found.examples)
        places.push_back(example.sample);
    return augmentedBytesPlaced(request.augmentation, preprocessing, request.seed, request.epoch,
                                found.samples, places);
}

std::optional<Preview> previewOf(const PreviewRequest& request, FolderExampleReader& reader,
                                 const std::stop_token& stop)
{
    if (!request.folder)
        return Preview{augmentedBytes(request.augmentation, request.preprocessing, request.seed,
                                      request.epoch, request.samples->samples(), request.indices),
                       request.preprocessing.shape,
                       {}};
    auto found = reader.read(*request.folder, stop);
    if (!found || found->examples.empty())
        return std::nullopt;
    Preview preview{{}, found->preprocessing.shape, found->examples};
    preview.samples = changes(request.augmentation) ? variedExamples(request, *found) : found->samples;
    return preview;
}

} // namespace

AugmentPreview::AugmentPreview(QObject* parent)
    : QObject(parent), m_reader(std::make_shared<FolderExampleReader>())
{}

void AugmentPreview::request(const PreviewRequest& request)
{
    m_worker.run(
        previewKey,
        [request, reader = m_reader](std::stop_token stop) { return previewOf(request, *reader, stop); },
        [this](const std::optional<Preview>& preview) {
            if (preview)
                Q_EMIT ready(*preview);
        });
}

void AugmentPreview::cancel()
{
    m_worker.cancel(previewKey);
}

} // namespace torchdesk
