// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/starthint.h"

#include "core/model/weightmatch.h"
#include "core/session/startadvice.h"
#include "gui/widgets/copying.h"
#include "gui/widgets/labels.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace torchdesk {

StartHint::StartHint(QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::small);
    m_text = makeLabel({}, TextRole::Label, Tone::Text);
    m_text->setObjectName(QStringLiteral("startHint"));
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_command = makeLabel({}, TextRole::Small, Tone::Muted);
    m_command->setObjectName(QStringLiteral("startCommand"));
    m_command->setWordWrap(true);
    m_command->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_copy = new QPushButton(tr("Copy these lines"));
    m_copy->setObjectName(QStringLiteral("copyStartCommand"));
    m_copy->setProperty("kind", "small");
    m_copy->setAccessibleName(tr("Copy the lines of Python that write published weights"));
    column->addWidget(m_text);
    column->addWidget(m_command);
    column->addWidget(m_copy, 0, Qt::AlignLeft);
    m_preset = new QPushButton(tr("Choose the ResNet-18 preset"));
    m_preset->setObjectName(QStringLiteral("startPreset"));
    m_preset->setProperty("kind", "small");
    m_preset->setToolTip(tr("The data stays; model and recipe become those for ResNet-18 on your pictures"));
    column->addWidget(m_preset, 0, Qt::AlignLeft);
    connect(m_preset, &QPushButton::clicked, this, [this] { Q_EMIT presetWanted("resnet18-pictures"); });
    connect(m_copy, &QPushButton::clicked, this, [this] { copyText(m_command->text(), m_copy); });
    clear();
}

void StartHint::setJob(const TrainingJob& job, bool normalised)
{
    if (job.start)
        sayStart(job, normalised);
    else if (hasFewPictures(job.data))
        sayPublished(job);
    else
        clear();
}

void StartHint::sayStart(const TrainingJob& job, bool normalised)
{
    QString text = QString::fromStdString(job.start->matched);
    if (lacksImageNet(job))
        text +=
            '\n' + tr("Published weights were trained on pictures normalised as ImageNet's: if these are, "
                      "choose that under Normalise.");
    else if (normalised)
        text += '\n' + tr("Normalise was set to ImageNet's, as published weights were trained.");
    say(text, {});
}

// Published weights are of pictures in colour.
void StartHint::sayPublished(const TrainingJob& job)
{
    const bool grey = job.data.description.shape.at(0) == 1;
    const QString colour = grey ? ' ' + tr("Colour has to be In colour, as it is in those.") : QString();
    const QString name = QString::fromStdString(publishedAs(job.model.name));
    if (name.isEmpty())
        return say(
            tr("With under 5,000 pictures, training from nothing stays near guessing. A ResNet-18 that "
               "begins with published weights does better.") +
                colour,
            {}, true);
    say(tr("With under 5,000 pictures, training from nothing stays near guessing. Begin with the weights "
           "that torchvision publishes for this model.") +
            colour + ' ' + tr("In Python these lines write the file:"),
        QStringLiteral("import torch\n"
                       "from torchvision.models import %1\n"
                       "m = %1(weights='DEFAULT')\n"
                       "torch.save(m.state_dict(), '%1.pth')")
            .arg(name));
}

void StartHint::say(const QString& text, const QString& command, bool otherModel)
{
    setParagraph(m_text, text);
    m_command->setText(command);
    m_command->setVisible(!command.isEmpty());
    m_copy->setVisible(!command.isEmpty());
    m_preset->setVisible(otherModel);
    setVisible(!text.isEmpty());
}

} // namespace torchdesk
