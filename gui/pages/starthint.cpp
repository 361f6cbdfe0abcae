// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/starthint.h"

#include "core/model/weightmatch.h"
#include "gui/widgets/copying.h"
#include "gui/widgets/labels.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace torchdesk {

namespace {

constexpr std::int64_t fewPictures = 5000;

} // namespace

bool wantsPublishedWeights(const TrainingJob& job)
{
    const bool folder = job.plan.data.find('/') != std::string::npos;
    return folder && job.data.description.trainCount < fewPictures && !publishedAs(job.model.name).empty();
}

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
    connect(m_copy, &QPushButton::clicked, this, [this] { copyText(m_command->text(), m_copy); });
    clear();
}

void StartHint::setJob(const TrainingJob& job)
{
    if (job.start)
        return say(QString::fromStdString(job.start->matched), {});
    if (!wantsPublishedWeights(job))
        return clear();
    const QString name = QString::fromStdString(publishedAs(job.model.name));
    say(tr("With under 5,000 pictures, training from nothing stays near guessing. Begin with the weights "
           "that "
           "torchvision publishes for this model; in Python these lines write the file:"),
        QStringLiteral("import torch\n"
                       "from torchvision.models import %1\n"
                       "m = %1(weights='DEFAULT')\n"
                       "torch.save(m.state_dict(), '%1.pth')")
            .arg(name));
}

void StartHint::say(const QString& text, const QString& command)
{
    setParagraph(m_text, text);
    m_command->setText(command);
    m_command->setVisible(!command.isEmpty());
    m_copy->setVisible(!command.isEmpty());
    setVisible(!text.isEmpty());
}

} // namespace torchdesk
