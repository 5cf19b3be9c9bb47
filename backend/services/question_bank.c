/* The built-in question bank. Each question's points say what a good answer mentions, in words that candidates use: the
 * report looks for them. Ours, written for Viva. Keep points independent of each other, and never ask for what may not be
 * asked (age, family, health, origin, belief). */

#include "services/ai_question.h"

#define ANY DIFFICULTY_JUNIOR, DIFFICULTY_LEAD
#define FROM_MID DIFFICULTY_MID, DIFFICULTY_LEAD
#define FROM_SENIOR DIFFICULTY_SENIOR, DIFFICULTY_LEAD
#define UP_TO_MID DIFFICULTY_JUNIOR, DIFFICULTY_MID

const struct bank_question question_bank[] = {
    /* ---- warm-up ---- */
    {"To begin, tell me what you do at the moment and what brought you to apply for the role of {role}.", CATEGORY_WARMUP, ANY, "",
     {"Present work or studies", "A reason for applying to this role", "A link between experience and the role"}, 120},
    {"Tell me about a piece of work from the last year that you are glad to have done.", CATEGORY_WARMUP, ANY, "",
     {"A concrete project or task", "Own part in it", "What came of it"}, 120},
    {"What does a good week at work look like for you?", CATEGORY_WARMUP, ANY, "",
     {"Concrete activities of the week", "What makes the week good", "Working with other people"}, 120},

    /* ---- behavioural ---- */
    {"Tell me about a time you found a mistake in data that other people already trusted. What did you do?", CATEGORY_BEHAVIORAL, ANY,
     "data_analysis",
     {"How the mistake was noticed", "Checking the raw source to find the cause", "Telling the people who used the figures", "Correcting the data or report",
      "A check added so that it does not happen again"}, 180},
    {"Describe a problem that took you several tries to solve. How did you get to the end of it?", CATEGORY_BEHAVIORAL, ANY, "problem_solving",
     {"What made the problem hard", "What was tried first and failed", "What was learned from the failed tries", "The solution that worked", "The result"}, 180},
    {"Tell me about a time you had to explain something difficult to people outside your field.", CATEGORY_BEHAVIORAL, ANY, "communication",
     {"Who the listeners were and what they knew", "Simple words or an example instead of jargon", "Checking that they understood", "What they did or decided afterwards"}, 150},
    {"Tell me about a disagreement with a colleague about how to do the work. What happened?", CATEGORY_BEHAVIORAL, ANY, "teamwork",
     {"What the disagreement was about", "Listening to the reasons of the other side", "How a decision was reached", "The working relationship afterwards"}, 180},
    {"Describe a time you took over something that nobody owned.", CATEGORY_BEHAVIORAL, ANY, "ownership",
     {"What was neglected and why it mattered", "Deciding to take responsibility", "The steps that were taken", "The result or what changed", "Making it last, such as documentation or a handover"}, 180},
    {"Tell me about a time you had to learn something new quickly to get a job done.", CATEGORY_BEHAVIORAL, ANY, "learning",
     {"What had to be learned and by when", "How it was learned, such as reading, practice or asking experts", "Applying it to the task", "What would be done differently"}, 150},
    {"Describe a time when plans changed at short notice. How did you deal with it?", CATEGORY_BEHAVIORAL, ANY, "adaptability",
     {"What changed and how late", "Setting new priorities", "Telling the people affected", "How it ended"}, 150},
    {"Tell me about a customer or user who was unhappy, and what you did about it.", CATEGORY_BEHAVIORAL, ANY, "customer_focus",
     {"Listening to find the real cause of the complaint", "What was done to put it right", "Keeping the customer informed", "A change so that it does not come back"}, 180},
    {"Tell me about a time you led people through something difficult.", CATEGORY_BEHAVIORAL, FROM_MID, "leadership",
     {"The goal and why it was difficult", "Giving people clear tasks or direction", "Supporting somebody who struggled", "The result", "What was learned about leading"}, 180},
    {"Describe a project that ran late. What did you do about it?", CATEGORY_BEHAVIORAL, ANY, "project_management",
     {"Noticing the delay early and its cause", "Cutting scope or changing priorities", "Telling stakeholders honestly", "The new plan and its outcome"}, 180},
    {"Tell me about feedback that was hard to hear. What did you do with it?", CATEGORY_BEHAVIORAL, ANY, "learning",
     {"What the feedback was", "First reaction, honestly", "What was changed because of it", "How others noticed the change"}, 150},
    {"Tell me about a decision you made without all the information you wanted.", CATEGORY_BEHAVIORAL, FROM_MID, "problem_solving",
     {"What was not known", "The risk of waiting against the risk of deciding", "How the decision was made", "Watching the result and being ready to correct it"}, 180},
    {"Describe how you helped somebody in your team get better at their work.", CATEGORY_BEHAVIORAL, FROM_MID, "leadership",
     {"Seeing what the person needed", "Teaching, pairing or regular feedback", "Letting them do it themselves", "How they improved"}, 150},
    {"Tell me about a time you made a mistake that affected other people.", CATEGORY_BEHAVIORAL, ANY, "ownership",
     {"What the mistake was", "Admitting it early to those affected", "Repairing the damage", "What was changed to prevent it"}, 180},
    {"Tell me about work you did together with another team that had other goals than yours.", CATEGORY_BEHAVIORAL, FROM_MID, "teamwork",
     {"What both teams wanted", "Finding a common goal", "Agreeing who does what", "The result for both teams"}, 180},

    /* ---- situational ---- */
    {"Imagine that two people you work for each give you an urgent task for the same afternoon. What do you do?", CATEGORY_SITUATIONAL, ANY, "project_management",
     {"Asking about deadline and impact of each task", "Telling both people about the conflict", "Agreeing on a priority", "Offering an alternative or help for the other task"}, 120},
    {"Imagine that you notice, an hour before a deadline, that a number in your work may be wrong. What do you do?", CATEGORY_SITUATIONAL, ANY, "data_analysis",
     {"Checking how large the error could be", "Telling the person who is waiting", "Correcting it or marking it as uncertain", "Finding out afterwards how it came about"}, 120},
    {"A new colleague keeps making the same mistake. How would you handle it?", CATEGORY_SITUATIONAL, ANY, "teamwork",
     {"Talking in private and with respect", "Finding out the cause of the mistake", "Showing how it is done", "Following up later"}, 120},
    {"A customer asks for something that you know would harm them later. What do you say?", CATEGORY_SITUATIONAL, ANY, "customer_focus",
     {"Understanding what the customer really needs", "Explaining the harm plainly", "Offering a better alternative", "Respecting their decision or bringing in somebody senior"}, 120},
    {"You are asked to deliver in two weeks what you believe takes six. How do you respond?", CATEGORY_SITUATIONAL, FROM_MID, "communication",
     {"Asking what is needed most and why", "Showing the reasons for the estimate", "Proposing a smaller first version", "Naming the risks of hurrying"}, 150},
    {"You join a team whose way of working seems slow to you. What do you do in your first month?", CATEGORY_SITUATIONAL, ANY, "adaptability",
     {"Listening and learning why it is done this way", "Building trust with colleagues", "Proposing one small change", "Measuring whether the change helps"}, 150},
    {"Half of your team wants one solution, the other half another. The decision is yours. How do you go about it?", CATEGORY_SITUATIONAL, FROM_MID, "leadership",
     {"Hearing the arguments of both sides", "Criteria for deciding", "Deciding clearly and explaining why", "Making sure that everybody supports it afterwards"}, 150},
    {"You find out that something your team released hurts some users. Nobody else has noticed. What do you do?", CATEGORY_SITUATIONAL, ANY, "ownership",
     {"Finding out how many users are affected", "Telling the team at once", "Taking it back or limiting the harm", "Telling the affected users", "Preventing it next time"}, 150},
    {"Your manager is away and a decision cannot wait. How do you decide?", CATEGORY_SITUATIONAL, ANY, "problem_solving",
     {"Gathering the facts that can be had", "Weighing consequences, also whether it can be undone", "Asking others for advice", "Informing the manager afterwards"}, 120},
    {"You have to tell a group of people something they do not want to hear. How do you prepare?", CATEGORY_SITUATIONAL, ANY, "communication",
     {"Knowing what the news means for them", "Saying the main point first and plainly", "Giving the reasons", "Leaving time for questions"}, 120},

    /* ---- technical ---- */
    {"Walk me through how you find out why a system that worked yesterday is failing today.", CATEGORY_TECHNICAL, ANY, "debugging",
     {"Reproducing the failure", "Looking at logs or metrics", "Asking what changed since yesterday", "Narrowing down to the cause step by step", "Verifying the fix and adding a test"}, 180},
    {"How do you decide what to test, and how much?", CATEGORY_TECHNICAL, ANY, "testing",
     {"Risk and impact of a failure", "Unit tests for logic and integration tests for connections", "Edge cases and bad input", "Automation in continuous integration", "Knowing when to stop"}, 150},
    {"How would you design a service that has to keep answering while one of its machines fails?", CATEGORY_TECHNICAL, FROM_MID, "system_design",
     {"More than one replica behind a load balancer", "Health checks that take a broken machine out", "State kept in a replicated database", "Retries with back-off and timeouts", "Testing the failure on purpose"}, 210},
    {"A page that lists records has become slow as the data grew. What do you do?", CATEGORY_TECHNICAL, ANY, "system_design",
     {"Measuring where the time goes", "Looking at the database query and its plan", "An index on the filtered columns", "Paging instead of loading everything", "Caching where data may be old"}, 180},
    {"What makes code easy for the next person to change?", CATEGORY_TECHNICAL, ANY, "coding",
     {"Clear names and small functions", "Tests that protect against regressions", "Little coupling between parts", "Comments that explain why", "Consistent style and review"}, 150},
    {"Explain what happens between typing an address into a browser and seeing the page.", CATEGORY_TECHNICAL, UP_TO_MID, "coding",
     {"DNS resolves the name to an address", "A TCP connection and TLS handshake", "The HTTP request and response", "The server builds the reply, perhaps from a database", "The browser parses HTML and renders it"}, 180},
    {"How do you make sure that a change to a database does not lose or damage data?", CATEGORY_TECHNICAL, ANY, "system_design",
     {"A backup that was restored in a test", "A migration script under version control", "Trying it on a copy first", "Transactions or small reversible steps", "A plan to roll back"}, 180},
    {"You are given a table of figures that you have never seen. How do you find out what it is worth?", CATEGORY_TECHNICAL, ANY, "data_analysis",
     {"Asking where the data comes from and how it was collected", "Looking for missing values and duplicates", "Checking ranges and outliers", "Comparing totals with another source", "Plotting distributions"}, 180},
    {"How do you explain the difference between correlation and cause, and when did it matter in your work?", CATEGORY_TECHNICAL, ANY, "data_analysis",
     {"Two things moving together without one causing the other", "A hidden third factor or confounder", "An experiment or control group to find the cause", "An example from own work"}, 150},
    {"How do you choose between building something yourself and using something that exists?", CATEGORY_TECHNICAL, FROM_MID, "problem_solving",
     {"How well the existing thing fits the need", "Cost of building and of maintaining", "Licence, security and dependency risk", "Whether it is core to the product", "Trying it out on a small case"}, 150},
    {"How do you review somebody else's work well?", CATEGORY_TECHNICAL, ANY, "teamwork",
     {"Understanding the goal of the change first", "Looking for errors and missing tests", "Friendly and specific comments", "Separating taste from necessity", "Answering quickly"}, 150},
    {"How would you find and stop a memory leak in a program that runs for weeks?", CATEGORY_TECHNICAL, FROM_MID, "debugging",
     {"Watching memory over time to confirm it grows", "A profiler or sanitizer to find allocations", "A load that reproduces the growth", "Ownership of memory and missing releases", "A long-running test afterwards"}, 180},
    {"How do you keep secrets, such as passwords and keys, out of the wrong hands in what you build?", CATEGORY_TECHNICAL, ANY, "coding",
     {"Never in source control or logs", "Environment variables or a secret store", "Least privilege for every account", "Rotation of keys", "Hashing passwords with salt"}, 150},
    {"How do you plan work so that others can rely on the date you give?", CATEGORY_TECHNICAL, ANY, "project_management",
     {"Breaking the work into small parts", "Estimating with past experience", "Room for risks and surprises", "Reporting progress early", "Adjusting scope when needed"}, 150},
    {"Which figures would you watch to know that a service you run is healthy?", CATEGORY_TECHNICAL, FROM_MID, "system_design",
     {"Error rate", "Latency, as percentiles", "Traffic or throughput", "Saturation of processor, memory or disk", "Alerts tied to what users feel"}, 150},
    {"Describe how you would bring an old, untested program under control before changing it.", CATEGORY_TECHNICAL, FROM_SENIOR, "testing",
     {"Reading and running it to understand it", "Tests around the present behaviour", "Small refactorings in safe steps", "Version control and a build that repeats", "The riskiest parts first"}, 180},
    {"How do you split a large system so that several teams can work on it without waiting for each other?", CATEGORY_TECHNICAL, FROM_SENIOR, "leadership",
     {"Boundaries along the business areas", "Stable interfaces or contracts", "Each team owns its data", "Independent deployment", "Shared standards for operation"}, 210},

    /* ---- closing ---- */
    {"Is there something important about you and this role that I have not asked?", CATEGORY_CLOSING, ANY, "",
     {"A strength or experience relevant to the role", "A concrete example of it"}, 120},
    {"What would you want to have done after your first six months in the role of {role}?", CATEGORY_CLOSING, ANY, "",
     {"Learning how the team and its work go", "A concrete result or improvement", "Building relationships with colleagues", "How success would be seen"}, 150},
    {"What do you need from a team and a manager to do your best work?", CATEGORY_CLOSING, ANY, "",
     {"Clear goals or expectations", "Feedback", "Trust or room to decide", "Something given back to the team"}, 120},
};

const size_t question_bank_size = sizeof question_bank / sizeof question_bank[0];
